"""A strict Bot API server for end-to-end tests; see botapi.api."""

from botapi.api import TOKEN, BotApi
from botapi.updates import text_mention

__all__ = ["TOKEN", "BotApi", "text_mention"]
