"""What Quoth does, measured: anyone can run each of these."""
