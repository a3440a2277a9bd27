"""Vector and word search over one generation: here it is said by which store.

`local` keeps both in files of the generation.
"""

from index.stores.local import LocalStore as Store

__all__ = ["Store"]
