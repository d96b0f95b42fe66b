"""What `add --feed` and `refresh` do: the new entries of feeds become articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.console.add_report import AddReport
from bot.console.adding import Adder, AddOptions, interrupted
from bot.console.progress import adding
from bot.console.terminal import print_error, print_line
from bot.plain_text import count
from index.errors import ArticleBotError, ArticleError, UsageError

if TYPE_CHECKING:
    from bot.resources import Resources
    from index.sources.documents import Document
    from index.storage.feeds import Feed


def follow(
    resources: Resources, urls: Sequence[str], options: AddOptions, report: AddReport
) -> None:
    """Follow the feeds at *urls*, and add what they hold."""
    from index.storage.feeds import Feed, open_feeds

    if options.title is not None or options.id is not None:
        raise UsageError("a feed has many articles; leave out --title and --id.")
    library = resources.library
    open_feeds(library.engine)
    read_feeds(resources, [Feed(library.chat, 0, url) for url in urls], options, report)


def refresh_feeds(resources: Resources, options: AddOptions, report: AddReport) -> None:
    """Add what is new in the feeds that the library follows."""
    from index.storage.feeds import followed_feeds, open_feeds

    library = resources.library
    open_feeds(library.engine)
    feeds = followed_feeds(library.engine, library.chat)
    if not feeds:
        print_error("no feed is followed here; follow one with `article-bot add --feed URL`.")
        return
    read_feeds(resources, feeds, options, report)


def unfollow(resources: Resources, urls: Sequence[str]) -> None:
    """Follow the feeds at *urls* no longer; raises ArticleError for one that is not followed."""
    from index.storage.feeds import open_feeds, unfollow_feed

    library = resources.library
    open_feeds(library.engine)
    for url in urls:
        if not unfollow_feed(library.engine, library.chat, url):
            raise ArticleError(f"the feed {url} is not followed here; check the address.")
        print_line(f"no longer followed: {url}")


def read_feeds(
    resources: Resources, feeds: Sequence[Feed], options: AddOptions, report: AddReport
) -> None:
    """Add the new entries of *feeds*; a feed that fails is a line, and the others are read."""
    from index.sources.parsing import Parsers
    from index.storage.claims import Claims

    with (
        interrupted(report),
        adding([]) as display,
        Parsers() as parsers,
        Claims(resources.library) as claims,
    ):
        adder = Adder(resources, options, report, display, parsers, claims)
        for feed in feeds:
            try:
                _read_feed(adder, feed)
            except ArticleError as exc:
                report.errors.append(str(exc))
                print_error(str(exc))
    report.tell_left_out()


def _read_feed(adder: Adder, feed: Feed) -> None:
    """Add the new entries of *feed*, which is followed from now on."""
    from index.sources.feed_reading import read_feed
    from index.sources.fetching import Fetched
    from index.storage import feeds

    library = adder.resources.library
    known = Fetched(feed.url, b"", etag=feed.etag, modified=feed.modified)
    contents = read_feed(feed.url, adder.resources.fetch_rules, adder.parsers, known)
    if contents is None:
        print_error(f"{feed.title or feed.url}: nothing new")
        return
    feed = feed if feed.pk else feeds.follow_feed(library.engine, library.chat, feed.url)
    names = [entry.name for entry in contents.entries if entry.name]
    unseen = feeds.unseen_entries(library.engine, feed, names)
    new = [entry for entry in contents.entries if entry.name in unseen]
    failed = sum(not _add_entry(adder, feed, entry) for entry in reversed(new))
    title = contents.title or feed.url
    print_error(f"{title}: {count(len(new) - failed, 'new article')}")
    if not failed:  # else the next refresh asks for all of it again
        fetched = contents.fetched
        read = replace(feed, title=title, etag=fetched.etag, modified=fetched.modified)
        feeds.note_version(library.engine, read)


def _add_entry(adder: Adder, feed: Feed, entry: Document) -> bool:
    """Add an entry; one that fails is told at the end, and tried again the next time."""
    from index.sources.feed_reading import read_entry
    from index.storage.feeds import note_entry

    wanted = adder.wanted(None)
    try:
        read = read_entry(entry, wanted, adder.parsers)
        try:
            adder.add_loaded(adder.noted([read]))
        except ArticleError:
            again = read_entry(entry, wanted, adder.parsers, is_taken=True)
            adder.add_loaded(adder.noted([again]))
    except ArticleBotError as exc:
        adder.report.left_out.append(str(exc))
        return False
    note_entry(adder.resources.library.engine, feed, entry.name or "")
    return True
