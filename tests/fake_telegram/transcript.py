"""What happened, as text that can be read: updates with →, calls with ←."""

from __future__ import annotations

from contextlib import suppress

from fake_telegram.log import Arrival, Call
from fake_telegram.server import decode
from fake_telegram.world import Json, Refused, World

EVERYWHERE = {
    *("message_id", "date", "chat", "from", "sender_chat", "reply_to_message"),
    *("message_thread_id", "is_topic_message"),
}
SHOWN = ("text", "caption", "action", "reaction", "url", "language_code", "description")


def transcript(world: World, entries: list[Arrival | Call]) -> str:
    """Tell what happened, in order, an event a line; polls are left out unless refused."""
    return "\n".join(
        _arrival(entry) if isinstance(entry, Arrival) else _call(world, entry)
        for entry in entries
        if isinstance(entry, Arrival) or entry.method != "getUpdates" or entry.error_code
    )


def _arrival(arrival: Arrival) -> str:
    content = arrival.content
    who = content.get("from") or content.get("sender_chat") or {}
    name = who.get("first_name") or who.get("title") or ""
    parts = [f"→ {arrival.kind}", name, _where(content), _what(content)]
    unseen = "" if arrival.seen else "(not delivered)"
    return "  ".join(part for part in (*parts, unseen) if part)


def _where(content: Json) -> str:
    chat = content.get("chat") or content.get("message", {}).get("chat") or {}
    if chat.get("type") in (None, "private"):
        return ""
    thread = f" / {content['message_thread_id']}" if content.get("message_thread_id") else ""
    return f"in {chat['title']!r}{thread}"


def _what(content: Json) -> str:
    if "new_chat_member" in content:
        return f"{content['old_chat_member']['status']} → {content['new_chat_member']['status']}"
    for name in ("text", "caption", "query", "data"):
        if content.get(name):
            return _line(content[name])
    return ", ".join(name for name in content if name not in EVERYWHERE)


def _call(world: World, call: Call) -> str:
    params = _decoded(call.params)
    try:
        told = _parameters(world, params)
    except (AttributeError, KeyError, TypeError):  # refused for its shape, which is told as it came
        told = [_line(str(call.params))]
    parts = [f"← {call.method}", *told]
    if call.error_code:
        parts += [f"✗ {call.error_code} {call.error}"]
    return "  ".join(part for part in parts if part)


def _decoded(params: Json) -> Json:
    """
    Decode the parameters of a call that was not carried out, as those of the others are.

    One that cannot be decoded stays the text that was sent.
    """
    decoded = dict(params)
    for name, value in params.items():
        with suppress(Refused):
            decoded |= decode({name: value})
    return decoded


def _parameters(world: World, params: Json) -> list[str]:
    shown = [f"{name}: {_line(str(params[name]))}" for name in SHOWN if params.get(name)]
    buttons = _buttons(params.get("reply_markup") or {})
    return [_target(world, params), *shown, _lists(params), buttons]


def _target(world: World, params: Json) -> str:
    chat = world.chats.get(params.get("chat_id", 0))
    if chat is None:
        return ""
    name = f"to {chat.user.first_name if chat.user else repr(chat.title)}"
    reply = (params.get("reply_parameters") or {}).get("message_id")
    thread = f" / {params['message_thread_id']}" if params.get("message_thread_id") else ""
    return name + thread + (f" (reply to {reply})" if reply else "")


def _lists(params: Json) -> str:
    """Name the commands or the results of a call, and whom commands are for."""
    commands = [f"/{command['command']}" for command in params.get("commands") or []]
    results = [repr(result.get("title")) for result in params.get("results") or []]
    results += [repr(params["result"].get("title"))] if params.get("result") else []
    scope = [f"for {params['scope']['type']}"] if params.get("scope") else []
    return ", ".join([*commands, *results, *scope])


def _buttons(markup: Json) -> str:
    rows = markup.get("inline_keyboard", [])
    return " ".join(f"[{button['text']}]" for row in rows for button in row)


def _line(text: str) -> str:
    return " ⏎ ".join(line for line in text.splitlines() if line.strip())
