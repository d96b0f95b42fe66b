"""The bot in Telegram: private chats, groups, channels, inline."""
