"""Articles and the questions about them: everything that knows nothing of Telegram or terminals."""
