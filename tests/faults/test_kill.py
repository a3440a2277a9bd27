"""A reindex that is killed at any system call leaves the old index or the new one."""

import signal
from pathlib import Path

from .conftest import Points, Tell
from .program import Program
from .reindexer import answers
from .scenarios import Before, check_next


def test_killed_at_any_point_a_reindex_leaves_the_old_index_or_the_new_one_whole(
    before: Before, points: Points, program: Program, tmp_path: Path, tell: Tell
) -> None:
    reported = 0
    for call in points.chosen:
        place = before.copy(tmp_path / "place")
        outcome = program.failing(place, call, "signal=KILL")
        assert outcome.status == -signal.SIGKILL, f"at {call}: {outcome}"
        reported += bool(outcome.printed)
        allowed = (before.new,) if outcome.printed else (before.old, before.new)
        assert answers(place.data) in allowed, f"killed at {call}, having printed {outcome.printed}"
        check_next(before, place, program)
    tell(
        f"{before.scenario.name}: killed at {len(points.chosen)} of {points.of} points, "
        f"{reported} of them after its report"
    )
