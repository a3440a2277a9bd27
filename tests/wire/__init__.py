"""The bot on the wire: a small Discord on loopback, and the shipped entry point against it."""
