"""The index in the bot's keeping: reindexed, rolled back, watched, and told of."""
