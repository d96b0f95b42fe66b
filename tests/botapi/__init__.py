"""A strict Bot API server for end-to-end tests; see botapi.api."""

from botapi.api import TOKEN, BotApi

__all__ = ["TOKEN", "BotApi"]
