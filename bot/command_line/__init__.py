"""The terminal's side of Quoth: its commands, and how an answer is shown there."""
