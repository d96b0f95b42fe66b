"""Methods that answer a query: of a button, inline, or of a guest."""

from __future__ import annotations

import re

from fake_telegram.texts import caption, keyboard, message_text
from fake_telegram.world import Json, Refused, World, bad_request

CALLBACK_TEXT_LIMIT = 200
RESULT_LIMIT = 50
RESULT_ID_LIMIT = 64  # bytes
NEXT_OFFSET_LIMIT = 64  # bytes
NEEDED = {"article": ("title",), "document": ("title",), "video": ("title",)}
START_PARAMETER = re.compile(r"[\w-]{1,64}", re.ASCII)
UNREADABLE = "can't parse inline query result"
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(world: World, params: Json) -> bool:
    """Answer the press of a button, once."""
    if len(params.get("text", "")) > CALLBACK_TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    close_query(world.callbacks, params.get("callback_query_id", ""))
    return True


def close_query(queries: dict[str, bool], id: str) -> None:  # noqa: A002
    """Note that a query is answered, which goes once and only while it is fresh."""
    if queries.get(id, True):
        raise bad_request(TOO_OLD)
    queries[id] = True


def answer_inline_query(world: World, params: Json) -> bool:
    """Give the results that are shown to whoever typed the query."""
    results = params.get("results") or []
    if len(results) > RESULT_LIMIT:
        raise bad_request("too many inline query results specified")
    for result in results:
        _check_result(result)
    ids = [result["id"] for result in results]
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(params.get("next_offset", "").encode()) > NEXT_OFFSET_LIMIT:
        raise bad_request("NEXT_OFFSET_INVALID")
    _check_start_button(params.get("button") or {})
    close_query(world.inline, params.get("inline_query_id", ""))
    return True


def answer_guest_query(world: World, params: Json) -> Json:
    """Write the one answer into a chat where the bot is a guest."""
    content = _check_result(params.get("result") or {})
    close_query(world.guest, params.get("guest_query_id", ""))
    id = f"inline{world.new_id()}"  # noqa: A001
    world.inline_messages[id] = content
    return {"inline_message_id": id}


def _check_result(result: Json) -> Json:
    """Check one InlineQueryResult and give the message that it makes."""
    if not 1 <= len(str(result.get("id", "")).encode()) <= RESULT_ID_LIMIT:
        raise bad_request("RESULT_ID_INVALID")
    for name in ("type", *NEEDED.get(result.get("type", ""), ())):
        if not result.get(name):
            raise bad_request(f"can't parse inline query result: Can't find field \"{name}\"")
    content = result.get("input_message_content")
    if result["type"] == "article" and not content:
        raise bad_request(f"{UNREADABLE}: Input message content is not specified")
    try:
        shown = message_text(_as_call(content)) if content else caption(result)
        return shown | keyboard(result)
    except Refused as error:
        reason = error.description.removeprefix("Bad Request: ")
        raise bad_request(f"{UNREADABLE}: {reason}") from None


def _as_call(content: Json) -> Json:
    """Give an InputTextMessageContent the names that sendMessage has for the same."""
    return {**content, "text": content.get("message_text", "")}


def _check_start_button(button: Json) -> None:
    parameter = button.get("start_parameter")
    if button and not button.get("text"):
        raise bad_request("can't parse inline query results button: Can't find field \"text\"")
    if parameter is not None and not START_PARAMETER.fullmatch(parameter):
        raise bad_request("START_PARAM_INVALID")
