"""What stands above a block of Markdown, from the top of the document down."""

from collections.abc import Sequence

from markdown_it.token import Token

from index.loaders.markdown import lists


class Above:
    """Headings, summaries of what is folded away, and what leads to the lists around a block."""

    def __init__(self) -> None:
        self._headings: list[tuple[int, str]] = []
        self._summaries: list[str] = []
        self._leads: list[tuple[int, str]] = []

    @property
    def section(self) -> tuple[str, ...]:
        """All of them, the outermost first."""
        outer = (words for _, words in self._headings)
        return (*outer, *self._summaries, *(words for _, words in self._leads))

    def pass_by(self, token: Token) -> None:
        """Leave the list that the token closes."""
        self._leads = [
            (level, words) for level, words in self._leads if not lists.closes(token, level)
        ]

    def head(self, level: int, words: str) -> None:
        """Go on below a heading; what stood below one of its level is left."""
        self._headings = [(n, w) for n, w in self._headings if n < level]
        self._headings += [(level, words)] if words else []

    def lead(self, level: int, words: str) -> None:
        """Go into a list on that level that these words lead to."""
        self._leads.append((level, words))

    def unfold(self, summaries: Sequence[str]) -> None:
        """Go into details under each of these summaries."""
        self._summaries += summaries

    def fold(self, times: int) -> None:
        """Leave the innermost details, so many times."""
        self._summaries = self._summaries[: max(len(self._summaries) - times, 0)]
