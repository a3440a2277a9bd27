# noqa: INP001  # a script, no package
"""Draw docs/gallery.md and all its pictures, and those of the README: `make pictures`.

`python docs/make_pictures.py answer abstain` draws only those. The bot, its engine and the article
are the shipped ones, the further documents are in docs/gallery or made by their scenes; only
Discord is simulated, and drawn by simcord. Drawing fails where a picture does not say what its
scene states. Needs `pip install -e '.[pictures]'` and a Chromium: Debian's (`apt-get install
chromium`) or the one that CHROMIUM names.
"""

import asyncio
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from pictures.needs import complain  # noqa: E402  # found through the line above

if __name__ == "__main__":
    complain()
    from pictures.gallery import make  # only when all it needs is there

    asyncio.run(make(sys.argv[1:]))
