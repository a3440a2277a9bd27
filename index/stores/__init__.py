"""Vector and word search over one generation. `local` keeps both in files of the generation."""
