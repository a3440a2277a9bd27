"""Question and passage become a reading: how relevant, where the answer stands, "answered here".

One module a reader: `packaged` ships with Quoth, `hub` runs any extractive model in its place, and
`sentences` reads what they cannot, by the embedding model alone.
"""

from index.read.hub import HubReader
from index.read.packaged import PackagedReader
from index.read.sentences import SentenceReader

__all__ = ["HubReader", "PackagedReader", "SentenceReader"]
