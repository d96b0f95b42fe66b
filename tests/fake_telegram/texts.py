"""What Telegram asks of the text, the buttons and the reply of a message."""

from __future__ import annotations

from fake_telegram.entities import KINDS, Entity, cut, detect, strip, units
from fake_telegram.markup import MarkupError, parse_html
from fake_telegram.world import Chat, Json, World, bad_request

TEXT_LIMIT = 4096  # UTF-16 units after the markup is taken away
CAPTION_LIMIT = 1024
QUOTE_LIMIT = 1024
ENTITY_LIMIT = 100
CALLBACK_DATA_LIMIT = 64  # bytes
BUTTON_LIMIT = 100
COPIED_LIMIT = 256
ACTIONS = (
    *("callback_data", "url", "copy_text", "switch_inline_query", "web_app", "login_url"),
    *("switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "pay"),
    "callback_game",
)
UNREADABLE = "can't parse inline keyboard button"


def message_text(params: Json) -> Json:
    """Give `text` and `entities` of a message."""
    text, entities = formatted(params, "text", "parse_mode", "entities")
    if not text:
        raise bad_request("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return {"text": text, "entities": entities}


def caption(params: Json) -> Json:
    """Give `caption` and `caption_entities` of a file, which may have none."""
    text, entities = formatted(params, "caption", "parse_mode", "caption_entities")
    if units(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return {"caption": text, "caption_entities": entities}


def formatted(params: Json, name: str, mode: str, given: str) -> tuple[str, list[Entity]]:
    """Read the text *name* of a call by its parse mode or its given entities."""
    source = params.get(name, "")
    if not isinstance(source, str):
        raise bad_request(f"{name} must be a string")
    try:
        source.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    parsed = _parse(source, params.get(mode, ""), params.get(given) or [])
    text, entities = strip(*parsed)
    entities = detect(text, entities)
    if len(entities) > ENTITY_LIMIT:
        # Telegram says nothing and leaves out the rest; a test has to hear of it.
        raise bad_request(f"too many entities: {len(entities)}, only {ENTITY_LIMIT} are shown")
    return text, entities


def _parse(source: str, mode: str, given: list[Entity]) -> tuple[str, list[Entity]]:
    if not mode:
        for entity in given:
            _check_entity(source, entity)
        return source, given
    if mode.lower() != "html":
        raise bad_request(f"unsupported parse_mode {mode}: this server reads HTML only")
    try:
        return parse_html(source)
    except MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from None


def _check_entity(text: str, entity: Entity) -> None:
    offset, length = entity.get("offset"), entity.get("length")
    if (
        entity.get("type") not in KINDS
        or not isinstance(offset, int)
        or not isinstance(length, int)
    ):
        raise bad_request("can't parse MessageEntity: the type, offset or length is wrong")
    if offset < 0 or length <= 0 or offset + length > units(text):
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
            f"at UTF-16 offset {offset + length}"
        )
    if "�" in cut(text, offset, length) and "�" not in text:
        raise bad_request(
            f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol"
        )


def keyboard(params: Json) -> Json:
    """Give the `reply_markup` that a message keeps, which an inline keyboard is."""
    markup = params.get("reply_markup") or {}
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    for row in rows:
        for button in row:
            _check_button(button)
    if sum(map(len, rows)) > BUTTON_LIMIT:
        raise bad_request("reply markup is too long")
    rows = [row for row in rows if row]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _check_button(button: Json) -> None:
    does = [action for action in ACTIONS if action in button]
    if not button.get("text") or not does:
        raise bad_request(f"{UNREADABLE}: Text buttons are unallowed in the inline keyboard")
    if len(does) > 1:
        raise bad_request(f"{UNREADABLE}: one action expected, found {does}")
    if does == ["callback_data"] and not (
        1 <= len(button["callback_data"].encode()) <= CALLBACK_DATA_LIMIT
    ):
        raise bad_request("BUTTON_DATA_INVALID")
    if does == ["copy_text"] and not 1 <= len(button["copy_text"]["text"]) <= COPIED_LIMIT:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if does == ["url"] and not button["url"].startswith(("http://", "https://", "tg://")):
        raise bad_request(
            f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL"
        )


def reply(world: World, chat: Chat, params: Json) -> Json:
    """Give what a message holds by its `reply_parameters`."""
    wanted = params.get("reply_parameters")
    if not wanted:
        return {}
    if wanted.get("chat_id") not in (None, chat.id):
        raise bad_request("this server knows replies within one chat only")
    original = chat.messages.get(wanted["message_id"])
    if original is None:
        if wanted.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    fields = world.reply(chat, original["message_id"])
    if wanted.get("quote"):
        fields["quote"] = _quote(original, wanted)
    return fields


def _quote(original: Json, wanted: Json) -> Json:
    quote, entities = formatted(wanted, "quote", "quote_parse_mode", "quote_entities")
    text = original.get("text") or original.get("caption") or ""
    if not quote or quote not in text or units(quote) > QUOTE_LIMIT:
        raise bad_request("QUOTE_TEXT_INVALID")
    near = wanted.get("quote_position", 0)  # the server looks around it, so it may be wrong
    places = [at for at in range(len(text)) if text.startswith(quote, at)]
    positions = [units(text[:at]) for at in places]
    found = {"text": quote, "position": min(positions, key=lambda at: abs(at - near))}
    return found | {"is_manual": True} | ({"entities": entities} if entities else {})


def thread(chat: Chat, params: Json) -> Json:
    """Give the topic that a message goes to by its `message_thread_id`."""
    topic = params.get("message_thread_id")
    if not topic:
        return {}
    if topic not in chat.topics:
        # Comments on a post and chains of replies have a message_thread_id as well, but nothing
        # can be sent there by it: a bot replies to one of the messages instead.
        threads = {message.get("message_thread_id") for message in chat.messages.values()}
        if topic in threads & chat.messages.keys():
            raise bad_request("message thread is not a forum topic thread")
        raise bad_request("message thread not found")
    return {"message_thread_id": topic, "is_topic_message": True}
