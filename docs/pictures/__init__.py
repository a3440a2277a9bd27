"""The pictures of the README and the gallery, drawn from real runs: only Discord is simulated."""
