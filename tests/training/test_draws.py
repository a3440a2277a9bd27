"""Of what was written the latest is taken whole, and of what came before a share."""

from training.data import Draws, taken
from training.examples import Example

WRITTEN = [
    Example(f"question {n}", f"passage {n // 2}", (), "composed/t", "composed") for n in range(40)
]
"""Twenty passages, two questions each."""


def passages(draws: Draws) -> list[str]:
    return [example.passage for example in taken(WRITTEN, draws)]


def test_the_latest_is_taken_whole_and_a_share_of_the_others() -> None:
    found = passages(Draws(seed=1, rounds=1, share=1, latest=5, revisited=0.2))

    assert found[-10:] == [f"passage {n // 2}" for n in range(30, 40)]
    assert len(found) == 10 + 2 * 3, "a fifth of fifteen passages, both questions of each"
    assert found == passages(Draws(seed=1, rounds=1, share=1, latest=5, revisited=0.2))


def test_all_is_taken_unless_less_is_wanted() -> None:
    assert taken(WRITTEN, Draws(seed=1, rounds=1, share=1)) == WRITTEN
