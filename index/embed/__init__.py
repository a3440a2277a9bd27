"""Texts become vectors, by any sentence-transformers model.

`embedder` runs it, `find` says where it lies, `unpack` makes one of what a package holds in a form
of its own.
"""

from index.embed.embedder import SentenceTransformerEmbedder

__all__ = ["SentenceTransformerEmbedder"]
