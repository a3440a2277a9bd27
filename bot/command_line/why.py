"""How an answer came about, as a terminal shows it."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from bot.command_line.show import in_one_line, visible
from bot.rendering.words import NAMES, SHOWN
from index import Considered, Explanation

COLUMNS = ("probability", "vector", "words", "fused", "relevance", "above", "answered")
WIDTH = 11
OPENING_CHARACTERS = 70
"""Characters shown of a passage."""


def show_explanation(console: Console, explanation: Explanation) -> None:
    """Show every candidate with its scores by stage, best first, and what cut it."""
    times = ", ".join(f"{stage} {ms:.0f} ms" for stage, ms in explanation.ms.items())
    language = explanation.language or "not sure"
    console.print(f"\nWhy: {len(explanation.considered)} passages considered; {times}")
    console.print(f"Language of the question: {language}")
    for asked in dict.fromkeys(each.asked for each in explanation.considered):
        console.print(f"Asked as: {visible(asked)}")
        console.print(Text("".join(f"{name:>{WIDTH}}" for name in COLUMNS), "bold"))
        for each in _of(explanation, asked):
            console.print(Text("".join(f"{score:>{WIDTH}}" for score in _scores(each))))
            fate = each.cut or SHOWN
            console.print(f"    {NAMES.format(fate=fate) if each.hit.names_topic else fate}")
            console.print(Text(f"    {_place(each)}", "dim"))


def _of(explanation: Explanation, asked: str) -> Iterator[Considered]:
    return (each for each in explanation.considered if each.asked == asked)


def _scores(each: Considered) -> Iterator[str]:
    hit, reading = each.hit, each.hit.reading
    numbers = (
        each.probability,
        hit.similarity,
        hit.bm25,
        hit.fused,
        reading.relevance if reading else None,
        hit.above_others if reading else None,
        reading.answered if reading else None,
    )
    return ("–" if number is None else f"{number:.2f}" for number in numbers)


def _place(each: Considered) -> str:
    words = " ".join(each.hit.chunk.text.split())
    chunk = each.hit.chunk
    return in_one_line(f"{chunk.document} {chunk.start}–{chunk.end}: {words[:OPENING_CHARACTERS]}…")
