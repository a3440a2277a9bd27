"""What the bot says in Discord, as text: pure, and within Discord's limits."""
