"""What stands above a block of Markdown, from the top of the document down."""

from markdown_it.token import Token

from index.loaders.markdown import lists


class Above:
    """Headings, summaries of what is folded away, and what leads to the lists around a block."""

    def __init__(self) -> None:
        self._path: list[tuple[int | None, str]] = []
        self._leads: list[tuple[int, str]] = []

    @property
    def section(self) -> tuple[str, ...]:
        """All of them, the outermost first."""
        return (*(words for _, words in self._path), *(words for _, words in self._leads))

    def pass_by(self, token: Token) -> None:
        """Leave the list that the token closes."""
        left = [(level, words) for level, words in self._leads if not lists.closes(token, level)]
        self._leads = left

    def head(self, level: int, words: str) -> None:
        """Go on below a heading; all below one of its level is left, also details not closed."""
        levels = [one for one, _ in self._path]
        same = (n for n, one in enumerate(levels) if one is not None and one >= level)
        self._path = self._path[: next(same, len(levels))]
        self._path += [(level, words)] if words else []

    def lead(self, level: int, words: str) -> None:
        """Go into a list on that level that these words lead to."""
        self._leads.append((level, words))

    def unfold(self, summary: str) -> None:
        """Go into details under a summary."""
        self._path.append((None, summary))

    def fold(self) -> None:
        """Leave the innermost details, if any are open."""
        open_ones = [n for n, (level, _) in enumerate(self._path) if level is None]
        self._path = self._path[: open_ones[-1]] if open_ones else self._path
