"""The bot's token: where the operator keeps it, and what one looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.config import PREFIX
from bot.plain_text import TOKEN
from index.errors import UsageError

if TYPE_CHECKING:
    from bot.config import Settings


def find_token(settings: Settings) -> str:
    """Find the token in *settings*; raise UsageError, which never shows it, if there is none."""
    name = f"{PREFIX}TOKEN"
    token = (settings.token or "").strip()
    if not token and settings.token_file is not None:
        name = f"the file {settings.token_file}"
        try:
            token = settings.token_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as exc:
            raise UsageError(f"{name} of the token cannot be read ({exc}); check it.") from exc
    if not token:
        raise UsageError(
            f"there is no token; get one from @BotFather and set {PREFIX}TOKEN, or name a file "
            f"that holds it in {PREFIX}TOKEN_FILE."
        )
    if not TOKEN.fullmatch(token):
        raise UsageError(
            f"{name} holds no token of a bot; one looks like 123456789:AAE… and comes "
            "from @BotFather."
        )
    return token


def refused_token() -> str:
    """What to say when Telegram knows no such bot."""
    return f"Telegram does not accept the token in {PREFIX}TOKEN; ask @BotFather for it."
