"""Quoth in the terminal and in Discord."""
