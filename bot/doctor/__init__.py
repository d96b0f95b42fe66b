"""Whether everything that the bot needs is there, and what to do about what is not."""
