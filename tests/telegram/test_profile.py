"""How the bot presents itself."""

from __future__ import annotations

import pytest
from local_bot import LocalBot
from telegram import User

from bot.phrases import languages
from bot.telegram import profile


def test_menus_and_descriptions_are_set_in_all_languages(local_bot: LocalBot) -> None:
    """Three menus and two descriptions in each language; only admins see /quiet."""
    local_bot.run(lambda: profile.present(local_bot.application.bot))

    calls = [call for call in local_bot.request.calls if call.method.startswith("setMy")]
    menus = {
        (call.given["scope"]["type"], call.given.get("language_code")): call.given["commands"]
        for call in calls
        if call.method == "setMyCommands"
    }
    with_forget = {
        scope for (scope, _), menu in menus.items() if "forget" in {row["command"] for row in menu}
    }
    with_quiet = {
        scope for (scope, _), menu in menus.items() if "quiet" in {row["command"] for row in menu}
    }
    assert len(menus) == 3 * len(languages())
    assert len(calls) == 5 * len(languages())
    assert with_quiet == {"all_chat_administrators"}
    assert with_forget == {"all_chat_administrators", "all_private_chats"}


@pytest.mark.parametrize(("all_messages", "inline"), [(True, True), (False, True), (False, False)])
def test_what_only_the_owner_can_change_is_noted(*, all_messages: bool, inline: bool) -> None:
    """Privacy mode and inline mode are BotFather's."""
    user = User(
        1, "Bot", is_bot=True, can_read_all_group_messages=all_messages,
        supports_inline_queries=inline,
    )  # fmt: skip

    notes = "\n".join(profile.notes(user, "en"))

    assert ("/setprivacy" in notes) is not all_messages
    assert ("/setinline" in notes) is not inline
