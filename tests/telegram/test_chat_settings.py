"""What a chat may choose: /settings, /language, /short, and who may."""

from __future__ import annotations

import pytest
from local_bot import ANN, GROUP, OWNER, PRIVATE, LocalBot, button, buttons_of, message

from bot.telegram.store.chats import ChatSettings, change_setting, read_settings

QUESTION = "what conditions did the US set?"
ANSWERING = "The US has not said publicly what conditions the Taliban must follow"


def test_the_language_is_chosen_by_buttons(local_bot: LocalBot) -> None:
    """/settings, the languages, one of them: from then on the bot speaks it."""
    (shown,) = local_bot.receive(message=message(PRIVATE, "/settings"))
    menu = buttons_of(shown)["🌐 Language of whoever asks"]
    _, choice = local_bot.receive(callback_query=button(menu))
    _, changed = local_bot.receive(callback_query=button(buttons_of(choice)["▫️ Deutsch"]))

    assert changed.given["text"] == "Einstellungen dieses Chats:"
    assert local_bot.told(message=message(PRIVATE, "/short off")) == [
        "Ab jetzt zeige ich ganze Stellen."
    ]


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("/language de", "de", "Ab jetzt spreche ich hier Deutsch."),
        ("/language AUTO", None, "From now on I speak English here."),
        ("/language xx", "es", "¿En qué idioma hablo aquí? Los artículos conservan el suyo."),
    ],
)
def test_a_language_may_stand_behind_the_command(
    local_bot: LocalBot, text: str, language: str | None, said: str
) -> None:
    """One that the bot speaks is spoken from then on; another one shows the choice."""
    change_setting(local_bot.engine, PRIVATE["id"], "language", "es")

    assert local_bot.told(message=message(PRIVATE, text)) == [said]
    assert read_settings(local_bot.engine, PRIVATE["id"]).language == language


def test_short_answers_are_the_sentence_alone(local_bot: LocalBot) -> None:
    """After /short on one sentence answers, also behind Context and Back; /short off ends it."""
    (said,) = local_bot.told(message=message(PRIVATE, "/short on"))
    (short,) = local_bot.receive(message=message(PRIVATE, QUESTION))
    _, around = local_bot.receive(callback_query=button(buttons_of(short)["Context"]))
    _, back = local_bot.receive(callback_query=button(buttons_of(around)["Back"]))
    local_bot.told(message=message(PRIVATE, "/short off"))
    (whole,) = local_bot.told(message=message(PRIVATE, QUESTION))

    assert said.startswith("From now on I show only the sentence")
    assert short.given["text"].count("<blockquote") == 1 < whole.count("<blockquote")
    assert ANSWERING in short.given["text"]
    assert back.given["text"] == short.given["text"]


def test_a_switch_is_a_button_that_turns(local_bot: LocalBot) -> None:
    """Pressed, it shows the other state, and so does the database."""
    (shown,) = local_bot.receive(message=message(PRIVATE, "/settings"))
    _, turned = local_bot.receive(callback_query=button(buttons_of(shown)["▫️ Short answers"]))

    assert "✅ Short answers" in buttons_of(turned)
    assert read_settings(local_bot.engine, PRIVATE["id"]) == ChatSettings(short=True)


@pytest.mark.parametrize("text", ["/settings", "/language de", "/short on"])
def test_in_a_group_admins_decide(local_bot: LocalBot, text: str) -> None:
    """A member is told so, and nothing changes; an admin may."""
    refused = local_bot.told(message=message(GROUP, text))
    before = read_settings(local_bot.engine, GROUP["id"])
    local_bot.request.results["getChatMember"] = OWNER
    allowed = local_bot.told(message=message(GROUP, text))

    assert refused == ["Only admins of this chat can do that."]
    assert before == ChatSettings()
    assert allowed != refused


def test_a_member_presses_no_setting_of_a_group(local_bot: LocalBot) -> None:
    """The buttons are there for all to see; a press of a member changes nothing."""
    _, (method, given) = local_bot.receive(callback_query=button("set:quiet:on", GROUP))

    assert (method, given["text"]) == (
        "answerCallbackQuery",
        "Only admins of this chat can do that.",
    )
    assert not read_settings(local_bot.engine, GROUP["id"]).quiet


def test_in_a_group_quiet_is_among_the_settings(local_bot: LocalBot) -> None:
    """In private, where a refusal disturbs nobody, it is not."""
    local_bot.request.results["getChatMember"] = OWNER
    _, in_group = local_bot.receive(message=message(GROUP, "/settings"))
    (in_private,) = local_bot.receive(message=message(PRIVATE, "/settings"))

    assert "▫️ Quiet: 🤷 instead of a refusal" in buttons_of(in_group)
    assert not any("Quiet" in label for label in buttons_of(in_private))


def test_who_asks_from_anywhere_is_spoken_to_in_their_own_language(local_bot: LocalBot) -> None:
    """The language that is chosen in private holds for inline queries."""
    change_setting(local_bot.engine, ANN["id"], "language", "de")
    query = {"id": "1", "from": ANN, "query": "", "offset": ""}

    ((_, given),) = local_bot.receive(inline_query=query)

    assert given["button"]["text"] == "Schreib eine Frage zu den Artikeln"
