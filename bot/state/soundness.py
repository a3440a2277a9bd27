"""Whether a start could use the file, looked at without changing it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.state.database import DAMAGED, READ_ONLY
from bot.state.migrations import MIGRATIONS


def unusable(path: Path) -> tuple[str, str] | None:
    """Why no start can use the file, and what to do; None if one can, or if there is no file."""
    if not path.is_file():
        return None
    try:
        address = f"{path.absolute().as_uri()}?{READ_ONLY[0]}"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError:  # busy, or not for who looks to read: the bot may fare better
        return None
    except sqlite3.DatabaseError as error:
        found, version = str(error), 0
    if found != "ok":
        return f"{path} is damaged: {found}", DAMAGED
    if version > len(MIGRATIONS):
        return f"{path} was written by a later version of Quoth", "update Quoth"
    return None
