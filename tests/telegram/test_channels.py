"""Channels: posts that become articles, and questions under them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from bots import Bot, sent_to, settle
from fake_telegram.api import BotApi
from fake_telegram.world import Chat, User

from index.datatypes import Article
from index.storage.database import open_database
from index.storage.library import Library

HARBOUR = (
    "The harbour of Lindholm will close for six weeks from the third of March. "
    "Divers found cracks in the eastern pier during an inspection in January. "
    "The repair costs four million crowns and is paid by the port authority. "
    "Ferries will use the old quay at Sandvik in the meantime, said harbour master Ilse Brandt. "
    "Fishing boats with a draught of less than two metres may still enter at high tide. "
    "The fish market moves to the school yard until the work is done."
)
BRIDGE = (
    "The bridge over the Elm is open again. Workers replaced forty bolts within three nights. "
    "The town council had asked for the repair in autumn after a lorry damaged the railing. "
    "Cyclists may use the bridge at once, while cars have to wait until the asphalt has hardened. "
    "Mayor Tomas Reed thanked the workers and promised that the next inspection would take place "
    "in two years. The river path below the bridge stays closed until Friday because of falling "
    "paint."
)
REPAIR = "who pays for the repair?"


@pytest.fixture
def group(api: BotApi, ann: User) -> Chat:
    """Make a discussion group."""
    return api.supergroup("Talk", members=[ann])


@pytest.fixture
def channel(api: BotApi, ann: User, group: Chat) -> Chat:
    """Make her channel, whose posts become articles."""
    channel = api.channel("Town news", members=[ann], linked=group, username=f"town{group.id}")
    api.post(channel, "/index on")
    api.wait("setMessageReaction", chat_id=channel.id)
    return channel


@pytest.fixture
def articles(bot: Bot) -> Callable[[Chat], list[Article]]:
    """Give a function that reads the articles of a chat once all updates are worked on."""

    def read(chat: Chat) -> list[Article]:
        bot.api.post(chat, "/ask is it there?")
        bot.api.wait("sendMessage", chat_id=chat.id)
        library = Library(open_database(f"sqlite:///{bot.database}"), str(chat.id))
        return [loaded.article for loaded in library.load(library.keys()).values()]

    return read


def test_a_question_under_a_post_is_answered_from_it(
    api: BotApi, channel: Chat, group: Chat, ann: User
) -> None:
    """A comment gets the passage of the post it stands under, with a link to it."""
    api.post(channel, BRIDGE)
    post = api.post(channel, HARBOUR)

    comment = api.comment(post, ann, REPAIR)
    answer = api.wait("sendMessage", chat_id=group.id)

    assert "paid by the port authority" in answer.result["text"]
    assert f"https://t.me/{channel.username}/{post['message_id']}" in answer.params["text"]
    assert answer.params["reply_parameters"]["message_id"] == comment["message_id"]


def test_a_question_further_down_the_thread_is_answered_too(
    api: BotApi, channel: Chat, group: Chat, ann: User
) -> None:
    """A reply to another comment still belongs to the post."""
    post = api.post(channel, HARBOUR)
    chatter = api.comment(post, ann, "oh no")

    api.send(group, ann, "where will the ferries land?", reply_to=chatter)

    assert "Sandvik" in api.wait("sendMessage", chat_id=group.id).result["text"]


@pytest.mark.parametrize("words", ["oh no", "who is the mayor of Paris?"])
def test_other_comments_are_left_alone(
    api: BotApi, channel: Chat, group: Chat, ann: User, words: str
) -> None:
    """Chatter, and a question to nobody that the post does not answer, get no reply."""
    post = api.post(channel, HARBOUR)

    api.comment(post, ann, words)
    settle(api, group)

    assert len(sent_to(api, group)) == 1  # the help that settle asks for


def test_a_comment_to_the_bot_is_told_that_the_post_does_not_answer(
    api: BotApi, channel: Chat, group: Chat, ann: User
) -> None:
    """/ask under a post is always answered, from the post alone."""
    post = api.post(channel, HARBOUR)

    api.comment(post, ann, "/ask who is the mayor of Paris?")

    text = api.wait("sendMessage", chat_id=group.id).result["text"]
    assert text.startswith("The article does not say this.")


def test_the_automatic_forward_is_neither_answered_nor_indexed(
    api: BotApi,
    channel: Chat,
    group: Chat,
    articles: Callable[[Chat], list[Article]],
) -> None:
    """The copy of a post in the discussion group is no question and no second article."""
    api.post(channel, f"{HARBOUR} @ArticleBot {REPAIR}")
    settle(api, group)

    assert len(sent_to(api, group)) == 1
    assert len(articles(channel)) == 1


def test_an_edit_replaces_the_article(
    api: BotApi, channel: Chat, articles: Callable[[Chat], list[Article]]
) -> None:
    """After an edit the new text answers and the old one is gone; a short one is no article."""
    post = api.post(channel, HARBOUR)
    api.edit(post, BRIDGE)
    (after,) = articles(channel)
    api.edit(post, "Open again.")

    assert after.text == BRIDGE
    assert articles(channel) == []


def test_an_album_is_one_article(
    api: BotApi, channel: Chat, articles: Callable[[Chat], list[Article]]
) -> None:
    """Captions of one album come together, though each alone is too short."""
    half = len(HARBOUR) // 2
    album = {"media_group_id": "album1"}
    first = api.post(channel, photo=api.photo(), caption=HARBOUR[:half], **album)
    api.post(channel, photo=api.photo(), **album)
    api.post(channel, photo=api.photo(), caption=HARBOUR[half:], **album)

    (article,) = articles(channel)

    assert article.id == f"post-{first['message_id']}"
    assert len(article.text) > 400


@pytest.mark.parametrize(("length", "number"), [(400, 0), (401, 1)])
def test_only_long_posts_become_articles(
    api: BotApi,
    channel: Chat,
    articles: Callable[[Chat], list[Article]],
    length: int,
    number: int,
) -> None:
    """A post needs more than 400 characters."""
    api.post(channel, f"{HARBOUR[: length - 1]}.")

    assert len(articles(channel)) == number


def test_without_opting_in_nothing_becomes_an_article(
    api: BotApi, ann: User, articles: Callable[[Chat], list[Article]]
) -> None:
    """A channel that has not said /index on, or has said /index off, keeps its posts."""
    channel = api.channel("Shy", members=[ann])
    api.post(channel, HARBOUR)
    api.post(channel, "/index on")
    api.post(channel, "/index off")
    api.post(channel, BRIDGE)

    assert articles(channel) == []


def test_in_a_channel_only_ask_is_answered(api: BotApi, channel: Chat) -> None:
    """/ask is answered in place, from the channel's own articles; nothing else is posted."""
    api.post(channel, HARBOUR)
    question = api.post(channel, f"/ask {REPAIR}")

    answer = api.wait("sendMessage", chat_id=channel.id)

    assert "paid by the port authority" in answer.result["text"]
    assert answer.params["reply_parameters"]["message_id"] == question["message_id"]
    assert len(sent_to(api, channel)) == 1


def test_the_discussion_group_asks_its_channel(
    api: BotApi, channel: Chat, group: Chat, ann: User
) -> None:
    """Outside of threads, all posts of the channel are asked."""
    api.post(channel, HARBOUR)
    api.post(channel, BRIDGE)
    settle(api, group)

    api.send(group, ann, "/ask who thanked the workers?")

    assert "Tomas Reed" in api.wait("sendMessage", chat_id=group.id).result["text"]


def test_a_channel_is_indexed_from_afar_by_its_admins(api: BotApi, ann: User) -> None:
    """In private, an admin of the channel may say /index on; somebody else may not."""
    channel = api.channel("Far", members=[ann], username="far_news")
    bob = api.user(first_name="Bob")
    api.send(api.private(bob), bob, "/index on @far_news")
    refused = api.wait("sendMessage", chat_id=bob.id).result["text"]

    api.send(api.private(ann), ann, "/index on @far_news")
    done = api.wait("sendMessage", chat_id=ann.id).result["text"]

    assert refused == "Only admins of this chat can do that."
    assert "posts of Far with more than 400 characters become articles" in done
    assert not sent_to(api, channel)
