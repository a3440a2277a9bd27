import pytest
from wire.payloads import BOT, CHANNEL_ID, LOADING, MEMBER
from wire.state import Interaction, Message

from benchmarks.acknowledging import ANSWER, BUSY, MARK_SECONDS, Round, note


def asked(*told: str) -> Interaction:
    """A question and the messages below it; an empty one still says that it thinks."""
    made = Interaction("1", "token", MEMBER, CHANNEL_ID, sent_at=100.0)
    made.messages = [
        Message(str(number), CHANNEL_ID, BOT, words, flags=0 if words else LOADING)
        for number, words in enumerate(told)
    ]
    return made


def test_questions_that_are_answered_or_told_to_come_back_reach_the_mark() -> None:
    found = Round()
    note(asked(f"> {ANSWER}"), 100.5, found)
    note(asked(f"Later. {BUSY}."), 101.0, found)
    assert (found.answered, found.busy, found.seconds) == (1, 1, [0.5, 1.0])
    assert found.good


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ((), 0.5),
        (("",), 0.5),
        ((ANSWER, ANSWER), 0.5),
        (("Something went wrong",), 0.5),
        ((ANSWER,), MARK_SECONDS),
        ((ANSWER,), float("inf")),
    ],
)
def test_one_that_is_lost_told_twice_or_taken_late_misses_it(
    told: tuple[str, ...], seconds: float
) -> None:
    found = Round()
    note(asked(*told), 100.0 + seconds, found)
    assert not found.good
