"""One line of a document or a member, inert and no longer than there is room for. Pure."""

from itertools import accumulate

from bot.rendering.cut import graphemes, units, window
from bot.rendering.inert import inert, one_line

GENERATION_MAX_UNITS = 20
MODEL_MAX_UNITS = 60


def short(text: str, limit: int) -> str:
    """The beginning of `text` as one inert line of at most `limit` units."""
    line = one_line(text)
    tokens = inert(line)
    start, end = window(line, [units(token) for token in tokens], limit - 2)
    return "".join(tokens[start:end]).rstrip() + ("…" if end < len(line) else "")


def short_path(path: str, limit: int) -> str:
    """The end of `path`, which says most, as one inert line of at most `limit` units."""
    line = one_line(path)
    tokens = inert(line)
    sums = [0, *accumulate(units(token) for token in tokens)]
    if sums[-1] <= limit:
        return "".join(tokens)
    fitting = (cut for cut in graphemes(line)[:-1] if sums[-1] - sums[cut] < limit)
    return "…" + "".join(tokens[next(fitting, len(line) - 1) :])


def short_generation(name: str) -> str:
    """The name of a generation, in every place at most so long."""
    return short(name, GENERATION_MAX_UNITS)


def short_model(name: str) -> str:
    """A model's name without its owner on the hub, or the folders that it lies in."""
    return short(name.rpartition("/")[2], MODEL_MAX_UNITS)
