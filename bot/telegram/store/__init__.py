"""What must outlast a restart of the Telegram bot, in tables beside those of the articles."""
