"""The words of an index as they are written: which one a mistyped word was meant to be.

The one home of rapidfuzz.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.stems import plain

LETTERS_FOR_ONE_ERROR, LETTERS_FOR_TWO_ERRORS = 4, 9
"""Length of a word from which it is sought with one and with two typing errors."""

LETTERS_FOR_TWO_GUESSED = 6
"""The same for two errors where a word is only guessed, among the words of a few passages."""

CLEAR_LETTERS = 6
CLEAR_LEAD = 3
"""A word is only put right from so many letters, and by one that is so many times as frequent as
the next: shorter ones and close calls are names as often as errors."""

QUESTION_WORDS = ("what", "who", "when", "where", "which", "why", "how")
"""English ones: what kind of answer is sought hangs on them, and documents seldom hold them."""

WITHOUT_APOSTROPHE = {
    "arent": "aren't", "cant": "can't", "couldnt": "couldn't", "didnt": "didn't",
    "doesnt": "doesn't", "dont": "don't", "hadnt": "hadn't", "hasnt": "hasn't",
    "havent": "haven't", "heres": "here's", "hows": "how's", "isnt": "isn't", "ive": "I've",
    "shouldnt": "shouldn't", "thats": "that's", "theres": "there's", "theyre": "they're",
    "wasnt": "wasn't", "werent": "weren't", "whats": "what's", "wheres": "where's",
    "whos": "who's", "wont": "won't", "wouldnt": "wouldn't", "youre": "you're",
}  # fmt: skip
IN_CHATS = {
    "alot": "a lot", "mutch": "much", "pls": "please", "plz": "please", "recieve": "receive",
    "tmrw": "tomorrow", "u": "you", "untill": "until", "wen": "when", "wich": "which",
    "wieght": "weight",
}  # fmt: skip
"""English words as people write them in a hurry, and as they are read where no document holds them:
not as a word that looks like them ("cast" for "cant"). Names have a capital, so only the first ones
are read so with one."""

LETTERS_FOR_ONE_MISSED = 3
"""Length of what may be a question word with a letter missed: "hw" is rather an abbreviation."""

LETTERS_OF_A_PART = 3
"""Fewest letters of a word that was typed as one with another, or of a strange one beside it."""

LAST = "\U0010ffff"
"""Sorts behind every letter."""


class Spellings:
    """The words of an index as they are written, by length and first letter, to find near ones."""

    def __init__(self, words: Counter[str]) -> None:
        kept = sorted((len(bare := plain(word)), bare, word) for word in words)
        self._keys = [(length, bare) for length, bare, _ in kept]
        self._plain = [bare for _, bare, _ in kept]
        self._written = [word for _, _, word in kept]
        self._counts = words

    def nearest(self, word: str) -> list[str]:
        """Words that `word` may be meant for with the fewest errors, the most frequent first.

        Errors are letters missed, added, changed or swapped with the next. Words with the same
        first letter are sought first, others if there are none.
        """
        bare = plain(word)
        most = 2 if len(bare) >= LETTERS_FOR_TWO_ERRORS else 1
        lengths = range(len(bare) - most, len(bare) + most + 1)
        return self._within(bare, most, lengths, bare[0]) or self._within(bare, most, lengths)

    def _within(self, bare: str, most: int, lengths: range, initial: str = "") -> list[str]:
        found: list[tuple[float, int, str]] = []
        for length in lengths:
            first = bisect_left(self._keys, (length, initial))
            last = bisect_left(self._keys, (length, initial + LAST) if initial else (length + 1,))
            near = process.extract(
                bare,
                self._plain[first:last],
                scorer=OSA.distance,
                score_cutoff=most,
                limit=None,
            )
            written = ((errors, self._written[first + place]) for _, errors, place in near)
            found += [(errors, -self._counts[word], word) for errors, word in written]
        return [word for errors, _, word in sorted(found) if errors == min(found)[0]]

    def clearest(self, word: str) -> str | None:
        """The one word that `word` must be meant for, or None. First letters are seldom wrong."""
        best, *others = self.nearest(word) or [""]
        clear = (
            len(word) >= CLEAR_LETTERS
            and plain(best)[:1] == plain(word)[:1]
            and all(self._counts[best] >= CLEAR_LEAD * self._counts[other] for other in others[:1])
        )
        return best if clear else None

    def likeliest(self, word: str) -> str | None:
        """The one word that `word` is probably meant for, or None where there are several.

        For the words of a few passages that were found: among few, less tells which was meant.
        """
        bare = plain(word)
        most = 2 if len(bare) >= LETTERS_FOR_TWO_GUESSED else 1
        found = self._within(bare, most, range(len(bare) - 1, len(bare) + 2))
        shortest = min(found, key=len, default="")
        one = all(each.startswith(shortest) for each in found)  # "minister", "ministers"
        return found[0] if found and one else None

    def parted(self, word: str) -> tuple[str, ...]:
        """The two words that `word` is made of, those that are most frequent both; or none."""
        cuts = range(LETTERS_OF_A_PART, len(word) - LETTERS_OF_A_PART + 1)
        parts = [(word[:cut], word[cut:]) for cut in cuts]
        likely = max(parts, key=self._least_count, default=())
        return likely if self._least_count(likely) else ()

    def _least_count(self, words: Sequence[str]) -> int:
        return min((self._counts[word] for word in words), default=0)


def question_word(word: str) -> str | None:
    """The one question word that `word` must be meant for, or None.

    A letter missed is the commonest error, and the only one looked for in a word of three letters.
    """
    near = [each for each in QUESTION_WORDS if OSA.distance(word, each) == 1]
    missed = [each for each in near if len(each) > len(word)]
    likely = missed or (near if len(word) >= LETTERS_FOR_ONE_ERROR else [])
    return likely[0] if len(likely) == 1 and len(word) >= LETTERS_FOR_ONE_MISSED else None
