"""The way to Discord and back: staying connected, and delivering once."""
