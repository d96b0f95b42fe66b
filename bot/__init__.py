"""The ways in: command line, console and Telegram."""
