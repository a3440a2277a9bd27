"""Question and passage become a reading: how relevant, where the answer stands, "answered here".

One module a reader: `packaged` ships with Quoth, `hub` runs any extractive model in its place.
`multilingual`, which ships too, reads other languages beside the embedding model that it was grown
from; beside another one `sentences` reads them, by the embedding model alone.
"""

from index.read.hub import HubReader
from index.read.multilingual import GROWN_FROM, MultilingualReader
from index.read.packaged import PackagedReader
from index.read.sentences import SentenceReader

__all__ = ["GROWN_FROM", "HubReader", "MultilingualReader", "PackagedReader", "SentenceReader"]
