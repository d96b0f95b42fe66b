"""What people do on the tests' Bot API server, and what the bot gets of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from telegram import Bot, BotCommandScopeAllGroupChats, ReplyParameters, TelegramObject

from fake_telegram import BotApi, text_mention
from fake_telegram.callers import MARKUP, seen, told, updates
from fake_telegram.entities import marked


@pytest.fixture
def api() -> Iterator[BotApi]:
    """Start a server."""
    with BotApi() as api:
        yield api


# What the bot is told


def test_the_bot_is_introduced_with_all_it_may_do(api: BotApi) -> None:
    """The answer has every field that python-telegram-bot reads."""
    me = told(api, lambda bot: bot.get_me())

    assert (me.username, me.is_bot, me.can_read_all_group_messages) == ("ArticleBot", True, False)
    assert (me.supports_inline_queries, me.supports_guest_queries) == (True, True)
    assert not me.api_kwargs


def everything(api: BotApi) -> None:
    """Let every kind of update happen."""
    ann = api.user("Ann", username="ann_", language_code="de")
    private, group = api.private(ann), api.supergroup(members=[ann], bot="administrator")
    forum, channel = api.supergroup(members=[ann], forum=True), api.channel(linked=group)
    api.topic(forum, "Sport", ann)
    api.edit(api.send(private, ann, "/ask who?"), "/ask what?")
    api.send(private, ann, document=api.document(b"x", "x.pdf"), caption="see @ArticleBot")
    for media in ({"photo": api.photo()}, {"voice": api.voice()}, {"sticker": api.sticker()}):
        api.send(private, ann, **media)
    api.send(group, ann, "as the group", as_chat=group)
    api.send(group, ann, "as a channel", as_chat=channel)
    post = api.post(channel, "News", photo=api.photo(), media_group_id="7")
    api.edit(post, "Olds")
    api.comment(post, ann, "why?")
    api.add_bot(api.group(members=[ann], bot="left"), ann)
    api.migrate(api.group(members=[ann]), ann)
    api.forward(post, private, ann)
    api.inline(ann, "who")
    api.guest(api.supergroup(bot="left"), ann, "@ArticleBot who?")
    said = told(api, lambda bot: bot.send_message(private.id, "x", reply_markup=MARKUP)).to_dict()
    api.press(said, "More", user=ann)


def test_every_update_is_one_that_python_telegram_bot_knows(api: BotApi) -> None:
    """No update has a field that is unknown, and none lacks one that is needed."""
    everything(api)

    happened = updates(api)

    assert len(happened) == 21
    assert [key for update in happened for key in strangers(update)] == []


def strangers(parsed: TelegramObject) -> list[str]:
    """Give the fields inside *parsed* that its class does not know."""
    found = list(parsed.api_kwargs)
    for kind in type(parsed).__mro__:
        for name in getattr(kind, "__slots__", ()):
            value = getattr(parsed, name, None)
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, TelegramObject) and not name.startswith("_"):
                    found += strangers(part)
    return found


# Who sees what


def test_privacy_mode_hides_what_is_not_meant_for_the_bot(api: BotApi) -> None:
    """Of a group a member gets commands that may be its own, replies to it, service messages."""
    ann = api.user()
    group = api.supergroup(members=[ann])
    mine = told(api, lambda bot: bot.send_message(group.id, "hello")).to_dict()

    api.send(group, ann, "plain")
    api.send(group, ann, "@ArticleBot who?")
    api.send(group, ann, "/ask@OtherBot who?")
    api.send(group, ann, "/ask who?")
    api.send(group, ann, "/ask@articlebot who?")
    api.send(group, ann, "a reply", reply_to=mine)
    api.send(group, ann, "shown all the same", deliver=True)
    api.topic(group, "Sport", ann)

    expected = ["/ask who?", "/ask@articlebot who?", "a reply", "shown all the same", None]
    assert seen(api) == expected


@pytest.mark.parametrize(
    ("bot", "features"),
    [("administrator", {}), ("member", {"can_read_all_group_messages": True})],
)
def test_an_administrator_and_a_bot_without_privacy_mode_see_everything(
    bot: str, features: dict[str, bool]
) -> None:
    """Either is enough to get plain messages, but never those of other bots."""
    with BotApi(**features) as api:
        ann, other = api.user(), api.user("Other", is_bot=True)
        group = api.supergroup(members=[ann], bot=bot)
        api.send(group, ann, "plain")
        api.send(group, other, "I am a bot")
        api.send(group, ann, "an anonymous administrator", as_chat=group)

        assert seen(api) == ["plain", "an anonymous administrator"]


def test_who_is_not_in_a_chat_sees_nothing_of_it(api: BotApi) -> None:
    """A bot that was removed gets the news of it and no message."""
    ann = api.user()
    group = api.supergroup(members=[ann], bot="administrator")
    api.remove_bot(group, ann)
    api.send(group, ann, "plain")

    change = [update.my_chat_member for update in updates(api)]

    assert [member.new_chat_member.status for member in change] == ["kicked"]
    assert change[0].old_chat_member.status == "administrator"


# What people do


def test_a_post_appears_in_the_discussion_group_and_takes_comments(api: BotApi) -> None:
    """The copy comes from 777000 with its origin; a comment stands in the thread of the copy."""
    ann = api.user()
    group = api.supergroup(members=[ann], bot="administrator")
    channel = api.channel(linked=group)
    post = api.post(channel, "The news")
    api.comment(post, ann, "why?")

    posted, copy, comment = (update.effective_message for update in updates(api))

    assert (posted.sender_chat.id, posted.from_user) == (channel.id, None)
    assert (copy.from_user.id, copy.is_automatic_forward) == (777000, True)
    assert copy.forward_origin.message_id == posted.message_id
    assert comment.message_thread_id == comment.reply_to_message.message_id == copy.message_id
    assert not comment.is_topic_message


def test_a_post_of_the_bot_appears_in_the_discussion_group_as_well(api: BotApi) -> None:
    """What the bot writes into a channel comes back to it as an automatic forward only."""
    group = api.supergroup(bot="administrator")
    channel = api.channel(linked=group)
    told(api, lambda bot: bot.send_message(channel.id, "Answer"))

    assert [update.message.is_automatic_forward for update in updates(api)] == [True]


def test_messages_in_a_topic_know_it(api: BotApi) -> None:
    """A message of a topic replies to the message that opened it, when to no other."""
    ann = api.user()
    forum = api.supergroup(members=[ann], forum=True, bot="administrator")
    topic = api.topic(forum, "Sport", ann)
    api.send(forum, ann, "hello", topic=topic)

    opened, message = (update.message for update in updates(api))

    assert (message.message_thread_id, message.is_topic_message) == (topic, True)
    assert message.reply_to_message.forum_topic_created == opened.forum_topic_created


@pytest.mark.parametrize("forum", [False, True])
def test_a_chain_of_replies_is_a_thread_but_no_topic(api: BotApi, *, forum: bool) -> None:
    """In an ordinary supergroup, and in the topic General, a reply has the id of the first."""
    ann = api.user()
    group = api.supergroup(members=[ann], bot="administrator", forum=forum)
    first = api.send(group, ann, "one")
    second = api.send(group, ann, "two", reply_to=first)
    api.send(group, ann, "three", reply_to=second)

    threads = [
        (update.message.message_thread_id, update.message.is_topic_message)
        for update in updates(api)
    ]

    assert threads == [(None, None), (first["message_id"], None), (first["message_id"], None)]


def test_a_reply_to_a_message_in_a_topic_is_in_the_topic(api: BotApi) -> None:
    """What the bot sends as a reply goes where the other message is, without naming the topic."""
    ann = api.user()
    forum = api.supergroup(members=[ann], forum=True)
    topic = api.topic(forum, "Sport", ann)
    asked = api.send(forum, ann, "/ask who?", topic=topic)
    reply = ReplyParameters(asked["message_id"])

    sent = told(api, lambda bot: bot.send_message(forum.id, "One.", reply_parameters=reply))

    assert (sent.message_thread_id, sent.is_topic_message) == (topic, True)


def test_a_forward_tells_where_it_comes_from(api: BotApi) -> None:
    """The origin is a post, a chat or a user; a forward of a forward keeps the first one."""
    ann = api.user("Ann")
    private, group, channel = api.private(ann), api.supergroup(members=[ann]), api.channel()
    from_channel = api.forward(api.post(channel, "News"), private, ann)
    api.forward(api.send(group, ann, "hello", as_chat=group), private, ann)
    api.forward(api.send(private, ann, "hello"), private, ann)
    api.forward(from_channel, private, ann)

    origins = [update.message.forward_origin for update in updates(api) if update.message]

    kinds = [origin.type for origin in origins if origin]
    assert kinds == ["channel", "chat", "user", "channel"]
    assert origins[-1] == origins[0]


def test_a_group_is_told_who_joined(api: BotApi) -> None:
    """When the bot is added it gets its membership and the service message, one after another."""
    ann = api.user()
    api.add_bot(api.group(members=[ann], bot="left"), ann)

    change, message = updates(api)

    assert change.my_chat_member.new_chat_member.status == "member"
    assert [member.id for member in message.message.new_chat_members] == [api.bot.id]


def test_entities_of_a_message_are_found(api: BotApi) -> None:
    """A text mention is kept beside what Telegram finds by itself."""
    ann = api.user()
    text = "Bot, /ask @somebody"
    message = api.send(api.private(ann), ann, text, entities=text_mention(text, "Bot", api.bot))

    kinds = [(entity["type"], marked(text, entity)) for entity in message["entities"]]

    assert kinds == [("text_mention", "Bot"), ("bot_command", "/ask"), ("mention", "@somebody")]


def test_a_message_of_the_bot_comes_back_with_its_entities(api: BotApi) -> None:
    """The result holds the text without tags, and its entities with what Telegram finds."""
    private = api.private(api.user())
    text = (
        '<a href="tg://user?id=7">Bob</a> &amp; @somebody: <blockquote>so <b>it</b> is</blockquote>'
    )

    sent = told(api, lambda bot: bot.send_message(private.id, text, parse_mode="HTML"))

    assert sent.text == "Bob & @somebody: so it is"
    assert {entity.type: words for entity, words in sent.parse_entities().items()} == {
        "text_mention": "Bob",
        "mention": "@somebody",
        "blockquote": "so it is",
        "bold": "it",
    }


def test_only_a_button_that_is_there_can_be_pressed(api: BotApi) -> None:
    """A press of a missing button fails and names those that there are."""
    ann = api.user()
    private = api.private(ann)
    said = told(api, lambda bot: bot.send_message(private.id, "x", reply_markup=MARKUP)).to_dict()

    with pytest.raises(AssertionError, match=r"there is no button 'Less' .* there are \['More'\]"):
        api.press(said, "Less", user=ann)

    assert api.press(said, "m", user=ann)["data"] == "m"
    assert api.press(said, "m", user=ann, data="old")["data"] == "old"


def test_a_button_can_be_pressed_after_its_message_is_gone(api: BotApi) -> None:
    """The press tells of a message that is inaccessible."""
    ann = api.user()
    private = api.private(ann)
    said = told(api, lambda bot: bot.send_message(private.id, "x", reply_markup=MARKUP)).to_dict()
    told(api, lambda bot: bot.delete_message(private.id, said["message_id"]))
    api.press(said, "More", user=ann)

    query = updates(api)[0].callback_query

    assert (query.data, query.message.is_accessible) == ("m", False)


def test_leaving_a_chat_is_told(api: BotApi) -> None:
    """When the bot leaves it gets the change of its own membership."""
    group = api.supergroup()
    told(api, lambda bot: bot.leave_chat(group.id))

    assert [update.my_chat_member.new_chat_member.status for update in updates(api)] == ["left"]


def test_a_chat_tells_what_it_is_linked_with(api: BotApi) -> None:
    """The linked channel, the administrators and a member can be asked for."""
    ann, bob = api.user("Ann"), api.user("Bob")
    group = api.supergroup("News talk", members=[ann, bob], bot="administrator")
    channel = api.channel(linked=group)

    info = told(api, lambda bot: bot.get_chat(group.id))
    administrators = told(api, lambda bot: bot.get_chat_administrators(group.id))
    member = told(api, lambda bot: bot.get_chat_member(group.id, bob.id))

    assert (info.title, info.linked_chat_id) == ("News talk", channel.id)
    assert [member.user.id for member in administrators] == [ann.id, api.bot.id]
    assert member.status == "member"


def test_commands_are_kept_by_scope_and_language(api: BotApi) -> None:
    """The commands of one scope and language are not those of another."""
    scope = BotCommandScopeAllGroupChats()
    told(api, lambda bot: bot.set_my_commands([("ask", "Fragen")], scope, "de"))

    german = told(api, lambda bot: bot.get_my_commands(scope, "de"))
    english = told(api, lambda bot: bot.get_my_commands(scope))

    assert ([command.description for command in german], english) == (["Fragen"], ())


def test_a_file_goes_up_and_comes_down(api: BotApi) -> None:
    """An upload is a multipart form; getFile says where its bytes are."""
    private = api.private(api.user())

    async def there_and_back(bot: Bot) -> bytes:
        sent = await bot.send_document(
            private.id, b"caf\xc3\xa9\r\n", filename="c.txt", caption="x"
        )
        return bytes(await (await bot.get_file(sent.document)).download_as_bytearray())

    assert told(api, there_and_back) == b"caf\xc3\xa9\r\n"
