"""Fixtures for every test; what they are is in parts.py."""

from parts import article_engine, embedder, make_engine, mount, tiny_model

__all__ = ["article_engine", "embedder", "make_engine", "mount", "tiny_model"]
