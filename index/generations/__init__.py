"""A folder of documents becomes a generation: built, kept in order, verified, opened."""
