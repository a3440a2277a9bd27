"""A question from its acknowledgement to its answer, in its turn."""
