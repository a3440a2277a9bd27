"""A question becomes verbatim quotes, or an abstention."""
