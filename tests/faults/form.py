"""How much is tried: a sample in the ordinary tests, all of it with QUOTH_FAULTS=all."""

import math
import os

EVERYTHING = os.environ.get("QUOTH_FAULTS") == "all"

POINTS = math.inf if EVERYTHING else 14
"""System calls of each scenario at which it is made to fail."""

STATES = 2000 if EVERYTHING else 8
"""States in which a disk is looked at, at each point where its power fails."""

REINDEX_AFTER = 1 if EVERYTHING else 8
"""Every so many of these points, the next reindex is tried too."""

PAGES = 1 if EVERYTHING else 6
"""Steps by which the room on a disk grows, until a reindex finds enough."""

DAMAGES = 1000 if EVERYTHING else 50
"""Examples of each kind of damage."""

HISTORIES, STEPS = (200, 40) if EVERYTHING else (20, 25)
"""Random histories of an index, and steps in each."""

SECONDS = 900 if EVERYTHING else 120
"""Time for one test."""
