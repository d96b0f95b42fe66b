"""Each thing that Telegram refuses, refused by the tests' Bot API server, word for word."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from fake_telegram import TOKEN, BotApi

BUTTON = {"text": "More", "callback_data": "m"}
UNREADABLE = "Bad Request: can't parse inline query result: "
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def post(api: BotApi, method: str, params: dict[str, Any], token: str = TOKEN) -> dict[str, Any]:
    """Call *method* with *params* as JSON and give the whole answer."""
    address = f"{api.url}/bot{token}/{method}"
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(address, json.dumps(params).encode(), headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return json.load(error)


def refusal(api: BotApi, method: str, params: dict[str, Any]) -> str:
    """Call *method*, which is refused with 400, and give the description."""
    answer = post(api, method, params)
    assert answer["error_code"] == 400
    return answer["description"]


@dataclass
class Scene:
    """A server with one chat of each kind, and a message of Ann and one of the bot in each."""

    api: BotApi

    def __post_init__(self) -> None:
        self.ann = self.api.user("Ann")
        self.private = self.api.private(self.ann)
        self.group = self.api.supergroup(members=[self.ann])
        self.forum = self.api.supergroup(members=[self.ann], forum=True)
        self.channel = self.api.channel(linked=self.group)
        self.topic = self.api.topic(self.forum, "Sport", self.ann)
        self.asked = self.api.send(self.private, self.ann, "who came, and who left?")
        self.said = self.send(reply_markup={"inline_keyboard": [[BUTTON]]})["result"]

    def send(self, **params: Any) -> dict[str, Any]:
        """Let the bot send a text into the private chat, or what and where *params* say."""
        params = {"chat_id": self.private.id, "text": "One came."} | params
        return post(self.api, "sendMessage", params)


@pytest.fixture
def scene() -> Iterator[Scene]:
    """Start a server with a scene on it."""
    with BotApi() as api:
        yield Scene(api)


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ({"text": "😀" * 2049}, "message is too long"),
        (
            {"text": "<b>x", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            {"text": "*x*", "parse_mode": "Markdown"},
            "unsupported parse_mode Markdown: this server reads HTML only",
        ),
        (
            {"text": "<b>x</b> " * 101, "parse_mode": "HTML"},
            "too many entities: 101, only 100 are shown",
        ),
        (
            {"entities": [{"type": "bold", "offset": 5, "length": 9}]},
            "entity beginning at UTF-16 offset 5 ends after the end of the text "
            "at UTF-16 offset 14",
        ),
        (
            {"text": "😀", "entities": [{"type": "bold", "offset": 0, "length": 1}]},
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol",
        ),
        (
            {"entities": [{"type": "huge", "offset": 0, "length": 1}]},
            "can't parse MessageEntity: the type, offset or length is wrong",
        ),
        ({"chat_id": ""}, "chat_id is empty"),
        ({"chat_id": -5}, "chat not found"),
        ({"chat_id": "@nobody"}, "chat not found"),
        ({"reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"reply_parameters": {"message_id": 1, "quote": "who went"}}, "QUOTE_TEXT_INVALID"),
        ({"message_thread_id": 99}, "message thread not found"),
        ({"reply_markup": "inline"}, "can't parse reply_markup JSON object"),
    ],
)
def test_a_wrong_message_is_refused(scene: Scene, params: dict[str, Any], description: str) -> None:
    """A call that sends is checked: text, markup, entities, chat, reply and thread."""
    answer = scene.send(**params)

    assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: {description}")


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"text": "x", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": "я" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        (
            {"text": "x", "url": "seeds"},
            "inline keyboard button URL 'seeds' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "x"},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "callback_data": "m", "url": "https://example.org"},
            "can't parse inline keyboard button: one action expected, "
            "found ['callback_data', 'url']",
        ),
    ],
)
def test_a_wrong_button_is_refused(scene: Scene, button: dict[str, Any], description: str) -> None:
    """A button has a text and one action, whose data fit."""
    answer = scene.send(reply_markup={"inline_keyboard": [[button]]})

    assert answer["description"] == f"Bad Request: {description}"


def test_a_keyboard_of_more_than_100_buttons_is_refused(scene: Scene) -> None:
    """A message has at most a hundred buttons."""
    answer = scene.send(reply_markup={"inline_keyboard": [[BUTTON]] * 101})

    assert answer["description"] == "Bad Request: reply markup is too long"


def test_what_fits_is_sent(scene: Scene) -> None:
    """The limits themselves are allowed: 4096 units of text, 64 bytes of data."""
    markup = {"inline_keyboard": [[{"text": "x", "callback_data": "я" * 32}]]}

    assert scene.send(text="😀" * 2048, reply_markup=markup)["ok"]


def test_a_parameter_that_is_unknown_is_noted(scene: Scene) -> None:
    """Telegram ignores what it does not know; a test can see it in the call."""
    scene.send(mood="good")

    assert scene.api.calls[-1].params["mood"] == "good"


def test_a_missing_message_may_be_replied_to_when_told_so(scene: Scene) -> None:
    """allow_sending_without_reply sends without the reply."""
    answer = scene.send(reply_parameters={"message_id": 99, "allow_sending_without_reply": True})

    assert "reply_to_message" not in answer["result"]


def test_a_quote_has_its_place_in_utf16_units(scene: Scene) -> None:
    """Of a quote that occurs twice the one next to the named position is meant."""
    quote = {"message_id": scene.asked["message_id"], "quote": "who", "quote_position": 12}

    answer = scene.send(reply_parameters=quote)

    assert answer["result"]["quote"] == {"text": "who", "position": 14, "is_manual": True}


def test_a_chain_of_replies_is_no_topic(scene: Scene) -> None:
    """In an ordinary supergroup nothing can be sent to the message_thread_id of a message."""
    first = scene.api.send(scene.group, scene.ann, "/ask who?")
    second = scene.api.send(scene.group, scene.ann, "/ask why?", reply_to=first)

    answer = scene.send(chat_id=scene.group.id, message_thread_id=second["message_thread_id"])

    assert answer["description"] == "Bad Request: message thread is not a forum topic thread"


@pytest.mark.parametrize(
    ("status", "place", "code", "description"),
    [
        ("kicked", "private", 403, "Forbidden: bot was blocked by the user"),
        ("kicked", "group", 403, "Forbidden: bot was kicked from the supergroup chat"),
        ("left", "group", 403, "Forbidden: bot is not a member of the supergroup chat"),
        ("left", "channel", 403, "Forbidden: bot is not a member of the channel chat"),
        ("member", "channel", 400, "Bad Request: need administrator rights in the channel chat"),
        (
            "restricted",
            "group",
            400,
            "Bad Request: not enough rights to send text messages to the chat",
        ),
    ],
)
def test_who_may_not_write_is_refused(
    scene: Scene, status: str, place: str, code: int, description: str
) -> None:
    """What the bot is in a chat decides whether it may write there."""
    chat = getattr(scene, place)
    chat.put(scene.api.bot, status)

    answer = scene.send(chat_id=chat.id)

    assert (answer["error_code"], answer["description"]) == (code, description)


def test_nobody_is_written_to_who_has_not_started_the_bot(scene: Scene) -> None:
    """A bot begins no conversation."""
    answer = scene.send(chat_id=scene.api.user("Bob").id)

    assert answer["description"] == "Forbidden: bot can't initiate conversation with a user"


def test_a_migrated_group_names_its_new_id(scene: Scene) -> None:
    """Who writes to the old group learns where it went."""
    group = scene.api.group(members=[scene.ann])
    new = scene.api.migrate(group, scene.ann)

    answer = scene.send(chat_id=group.id)

    assert answer["description"] == ("Bad Request: group chat was upgraded to a supergroup chat")
    assert answer["parameters"] == {"migrate_to_chat_id": new.id}


@pytest.mark.parametrize(
    ("method", "params", "description"),
    [
        ("editMessageText", {"message_id": 99, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"message_id": 1, "text": "x"}, "message can't be edited"),
        ("editMessageText", {"message_id": 2, "text": ""}, "message text is empty"),
        (
            "editMessageCaption",
            {"message_id": 2, "caption": "x"},
            "there is no caption in the message to edit",
        ),
        ("editMessageText", {"inline_message_id": "i", "text": "x"}, "MESSAGE_ID_INVALID"),
        ("deleteMessage", {"message_id": 99}, "message to delete not found"),
        ("sendChatAction", {"action": "thinking"}, "wrong parameter action in request"),
        ("setMessageReaction", {"message_id": 99}, "message to react not found"),
        (
            "setMessageReaction",
            {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "🔎"}]},
            "REACTION_INVALID",
        ),
        (
            "setMessageReaction",
            {"message_id": 1, "reaction": [{"type": "emoji", "emoji": "👀"}] * 2},
            "REACTIONS_TOO_MANY",
        ),
        ("sendDocument", {"document": "nothing"}, "there is no document in the request"),
        ("sendDocument", {"document": "x", "caption": "x" * 1025}, "message caption is too long"),
        ("getFile", {"file_id": "nothing"}, "invalid file_id"),
        ("leaveChat", {}, "chat member status can't be changed in private chats"),
        ("getChatMember", {"user_id": 5}, "user not found"),
        ("getChatAdministrators", {}, "there are no administrators in the private chat"),
    ],
)
def test_a_wrong_call_in_a_chat_is_refused(
    scene: Scene, method: str, params: dict[str, Any], description: str
) -> None:
    """Edits, deletions, reactions, files and questions about members are checked."""
    params = {"chat_id": scene.private.id} | params

    assert refusal(scene.api, method, params) == f"Bad Request: {description}"


def test_an_edit_that_changes_nothing_is_refused(scene: Scene) -> None:
    """The same text with the same buttons is no edit."""
    same = {name: scene.said[name] for name in ("message_id", "text", "reply_markup")}

    description = refusal(scene.api, "editMessageText", {"chat_id": scene.private.id} | same)

    assert description == (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )


def test_an_edit_without_buttons_takes_them_away(scene: Scene) -> None:
    """A keyboard that an edit does not name is gone."""
    edit = {"chat_id": scene.private.id, "message_id": scene.said["message_id"], "text": "x"}

    assert "reply_markup" not in post(scene.api, "editMessageText", edit)["result"]


def test_a_member_deletes_only_its_own_messages(scene: Scene) -> None:
    """To remove what others wrote in a group the bot has to be its administrator."""
    theirs = scene.api.send(scene.group, scene.ann, "hello")
    call = {"chat_id": scene.group.id, "message_id": theirs["message_id"]}

    refused = refusal(scene.api, "deleteMessage", call)
    scene.group.put(scene.api.bot, "administrator")

    assert refused == "Bad Request: message can't be deleted"
    assert post(scene.api, "deleteMessage", call)["result"] is True


def test_a_file_over_20_megabytes_is_not_handed_out(scene: Scene) -> None:
    """The limit is 20 MiB."""
    file = scene.api.document(b"x", "big.pdf", size=20 * 1024 * 1024 + 1)

    description = refusal(scene.api, "getFile", {"file_id": file["file_id"]})

    assert description == "Bad Request: file is too big"


def test_a_chat_action_may_name_the_general_topic(scene: Scene) -> None:
    """Typing is shown in the topic General by its id 1, where no message can be sent by it."""
    here = {"chat_id": scene.forum.id, "message_thread_id": 1}

    assert post(scene.api, "sendChatAction", here | {"action": "typing"})["ok"]
    assert scene.send(**here)["description"] == "Bad Request: message thread not found"


def test_a_press_is_answered_once(scene: Scene) -> None:
    """The second answer to a callback query, and one to an unknown query, come too late."""
    query = scene.api.press(scene.said, "More", user=scene.ann)
    call = {"callback_query_id": query["id"]}

    assert refusal(scene.api, "answerCallbackQuery", call | {"text": "x" * 201}) == (
        "Bad Request: MESSAGE_TOO_LONG"
    )
    assert post(scene.api, "answerCallbackQuery", call)["ok"]
    assert refusal(scene.api, "answerCallbackQuery", call) == TOO_OLD
    assert refusal(scene.api, "answerCallbackQuery", {"callback_query_id": "x"}) == TOO_OLD


def article(**fields: Any) -> dict[str, Any]:
    """Make an InlineQueryResultArticle with *fields* in place of good ones."""
    content = {"message_text": "<b>One</b> came.", "parse_mode": "HTML"}
    good = {"type": "article", "id": "1", "title": "One", "input_message_content": content}
    return good | fields


@pytest.mark.parametrize(
    ("params", "description"),
    [
        (
            {"results": [article(id=str(n)) for n in range(51)]},
            "Bad Request: too many inline query results specified",
        ),
        ({"results": [article(), article()]}, "Bad Request: RESULT_ID_DUPLICATE"),
        ({"results": [article(id="я" * 33)]}, "Bad Request: RESULT_ID_INVALID"),
        ({"results": [article(id="")]}, "Bad Request: RESULT_ID_INVALID"),
        ({"results": [article(title="")]}, UNREADABLE + 'Can\'t find field "title"'),
        ({"results": [article(type="")]}, UNREADABLE + 'Can\'t find field "type"'),
        (
            {"results": [article(input_message_content=None)]},
            UNREADABLE + "Input message content is not specified",
        ),
        (
            {"results": [article(input_message_content={"message_text": ""})]},
            UNREADABLE + "message text is empty",
        ),
        (
            {
                "results": [
                    article(
                        reply_markup={"inline_keyboard": [[{"text": "x", "callback_data": ""}]]}
                    )
                ]
            },
            UNREADABLE + "BUTTON_DATA_INVALID",
        ),
        ({"next_offset": "x" * 65}, "Bad Request: NEXT_OFFSET_INVALID"),
        ({"button": {"text": "x", "start_parameter": "a b"}}, "Bad Request: START_PARAM_INVALID"),
        (
            {"button": {"start_parameter": "a"}},
            "Bad Request: can't parse inline query results button: Can't find field \"text\"",
        ),
        ({"inline_query_id": "x"}, TOO_OLD),
    ],
)
def test_a_wrong_answer_to_an_inline_query_is_refused(
    scene: Scene, params: dict[str, Any], description: str
) -> None:
    """Inline results are checked one by one, their messages like any message."""
    query = scene.api.inline(scene.ann, "who")

    assert refusal(scene.api, "answerInlineQuery", {"inline_query_id": query["id"]} | params) == (
        description
    )


def test_an_inline_query_is_answered_once(scene: Scene) -> None:
    """The second answer comes too late."""
    query = scene.api.inline(scene.ann, "who")
    call = {"inline_query_id": query["id"], "results": [article()]}

    assert post(scene.api, "answerInlineQuery", call)["result"] is True
    assert refusal(scene.api, "answerInlineQuery", call) == TOO_OLD


def test_a_guest_query_makes_one_message_that_can_be_edited(scene: Scene) -> None:
    """A guest answers once, and has the id to edit that message by."""
    message = scene.api.guest(scene.group, scene.ann, "@ArticleBot who?")
    call = {"guest_query_id": message["guest_query_id"], "result": article()}

    sent = post(scene.api, "answerGuestQuery", call)["result"]

    assert post(scene.api, "editMessageText", sent | {"text": "Two came."})["result"] is True
    assert refusal(scene.api, "answerGuestQuery", call) == TOO_OLD


@pytest.mark.parametrize(
    ("method", "params", "description"),
    [
        (
            "setMyCommands",
            {"commands": [{"command": "Ask", "description": "x"}]},
            "BOT_COMMAND_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "a" * 33, "description": "x"}]},
            "BOT_COMMAND_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "ask", "description": ""}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "ask", "description": "x" * 257}]},
            "BOT_COMMAND_DESCRIPTION_INVALID",
        ),
        (
            "setMyCommands",
            {"commands": [{"command": "ask", "description": "x"}] * 101},
            "BOT_COMMANDS_TOO_MUCH",
        ),
        (
            "setMyCommands",
            {"scope": {"type": "planet"}},
            "can't parse BotCommandScope: Unsupported type specified",
        ),
        ("setMyCommands", {"scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
        ("setMyCommands", {"language_code": "english"}, "invalid language code specified"),
        (
            "setMyDescription",
            {"description": "x" * 513},
            "description is too long: 513 characters of at most 512",
        ),
        (
            "setMyShortDescription",
            {"short_description": "x" * 121},
            "short_description is too long: 121 characters of at most 120",
        ),
        (
            "setWebhook",
            {"url": "http://example.org/"},
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            "setWebhook",
            {"url": "https://example.org/", "secret_token": "a b"},
            "secret token contains unallowed characters",
        ),
    ],
)
def test_a_wrong_setting_is_refused(
    scene: Scene, method: str, params: dict[str, Any], description: str
) -> None:
    """Commands, descriptions and the webhook are checked."""
    assert refusal(scene.api, method, params) == f"Bad Request: {description}"


@pytest.mark.parametrize(
    ("token", "method", "code", "description"),
    [
        ("123456789:another", "getMe", 401, "Unauthorized"),
        ("no-token", "getMe", 404, "Not Found"),
        (TOKEN, "getMeat", 404, "Not Found"),
    ],
)
def test_a_wrong_address_is_refused(
    scene: Scene, token: str, method: str, code: int, description: str
) -> None:
    """A wrong token is unauthorized; a malformed one and an unknown method are not found."""
    answer = post(scene.api, method, {}, token)

    assert answer == {"ok": False, "error_code": code, "description": description}
