"""Feeds are followed: what is new in them is added once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from command_line import Result, Run
from hostile_server import page, serving

WORDS = "The people of island number {} bring milk to the town, and take back bread and letters. "


def entry(number: int, text: str = "") -> str:
    """Write an entry, of an article that stands in the feed or on a page of its own."""
    return (
        f"<item><title>Island {number}</title><link>{{server}}/island-{number}</link>"
        f"<guid>{number}</guid><description>{text}</description></item>"
    )


def feed(*entries: str) -> str:
    """Write a feed."""
    return f"<rss version='2.0'><channel><title>Islands</title>{''.join(entries)}</channel></rss>"


class Site:
    """A site with a feed: what it serves may change."""

    def __init__(self) -> None:
        self.replies: dict[str, bytes] = {}
        self.address = ""

    def serve(self, path: str, text: str, *headers: str) -> None:
        """Serve *text* at *path* from now on."""
        self.replies[path] = page(text.replace("{server}", self.address).encode(), *headers)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Open a site on this machine, which may be read."""
    monkeypatch.setenv("ARTICLE_BOT_NETWORKS", "127.0.0.1/32")
    site = Site()
    with serving(site.replies) as site.address:
        yield site


def listed(run: Run) -> list[str]:
    """The ids of the articles of the chat."""
    return [row["id"] for row in run("--chat", "7", "list", "--json").json]


def follow(run: Run, site: Site) -> Result:
    """Follow the site's feed."""
    return run("--chat", "7", "add", "--feed", f"{site.address}/feed")


def test_entries_of_a_feed_are_added(run: Run, site: Site) -> None:
    """The oldest first; one that only announces an article brings the page that it leads to."""
    site.serve("/feed", feed(entry(2, WORDS.format(2) * 9), entry(1, "Short.")))
    site.serve("/island-1", f"<html><title>Page</title><p>{WORDS.format('one') * 4}")

    result = follow(run, site)

    assert (result.code, listed(run)) == (0, ["island-1", "island-2"])
    assert "island number one" in run("--chat", "7", "show", "island-1").out


def test_refresh_adds_what_is_new(run: Run, site: Site) -> None:
    """And nothing a second time, also not what somebody has removed."""
    site.serve("/feed", feed(entry(1, WORDS.format(1) * 9)))
    follow(run, site)
    run("--chat", "7", "remove", "island-1")
    site.serve("/feed", feed(entry(2, WORDS.format(2) * 9), entry(1, WORDS.format(1) * 9)))

    result = run("--chat", "7", "refresh")

    assert (result.code, listed(run)) == (0, ["island-2"])


def test_an_entry_that_fails_is_tried_again(run: Run, site: Site) -> None:
    """Its page could not be read: it is named, and the next refresh reads it."""
    site.serve("/feed", feed(entry(1, "Short.")))
    site.replies["/island-1"] = page(b"", status="503 Busy")
    failed = follow(run, site)
    site.serve("/island-1", f"<html><p>{WORDS.format('one') * 4}")

    run("--chat", "7", "refresh")

    assert (failed.code, "503" in failed.err) == (1, True)
    assert listed(run) == ["island-1"]


def test_two_entries_with_one_name(run: Run, site: Site) -> None:
    """Another article has the id: the second one gets an id of its own."""
    same = entry(1, WORDS.format(2) * 9).replace("<guid>1", "<guid>other")
    site.serve("/feed", feed(same, entry(1, WORDS.format(1) * 9)))

    follow(run, site)

    assert [name[:8] for name in listed(run)] == ["island-1", "island-1"]


def test_a_page_is_no_feed(run: Run, site: Site) -> None:
    """Who takes the one for the other is told what to do."""
    site.serve("/feed", "<html><p>Words.")
    site.serve("/page", feed(entry(1)))

    assert "add it without --feed" in follow(run, site).err
    assert "add --feed URL" in run("add", f"{site.address}/page").err


def test_a_feed_that_has_not_changed(run: Run, site: Site) -> None:
    """Its server says so, and that is told."""
    site.serve("/feed", feed(entry(1, WORDS.format(1) * 9)), 'ETag: "1"')
    follow(run, site)
    site.replies["/feed"] = page(b"", status="304 Not Modified")

    assert run("--chat", "7", "refresh").err == "article-bot: Islands: nothing new\n"


def test_a_feed_has_no_one_title(run: Run) -> None:
    """--title is for a single article."""
    assert run("add", "--feed", "https://example.org/feed", "--title", "News").code == 2


def test_nothing_is_followed(run: Run) -> None:
    """`refresh` says how to follow a feed."""
    assert "no feed is followed" in run("refresh").err


def test_a_feed_is_followed_no_longer(run: Run, site: Site) -> None:
    """Its articles stay."""
    site.serve("/feed", feed(entry(1, WORDS.format(1) * 9)))
    follow(run, site)

    result = run("--chat", "7", "remove", "--feed", f"{site.address}/feed")

    assert (result.code, listed(run)) == (0, ["island-1"])
    assert "no feed is followed" in run("--chat", "7", "refresh").err


def test_an_address_is_added(run: Run, site: Site) -> None:
    """A page becomes an article, and the list says where it is from."""
    site.serve("/news/ferry.html", f"<html><title>Ferry</title><p>{WORDS.format('one') * 4}")

    result = run("--chat", "7", "add", f"{site.address}/news/ferry.html#part")

    [row] = run("--chat", "7", "list", "--json").json
    assert (result.code, row["id"]) == (0, "ferry")
    assert row["source"] == f"{site.address}/news/ferry.html"


def test_an_address_of_this_machine_is_refused(run: Run) -> None:
    """Unless a setting allows its network."""
    assert "not on the public internet" in run("add", "http://127.0.0.1:9/").err
