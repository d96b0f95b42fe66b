"""What the inbox does in one transaction: to be done with an update, and to look around."""

from __future__ import annotations

import logging

from sqlalchemy import Connection, Engine

from bot.telegram.store import kept_updates, worker_beats
from bot.telegram.store.kept_updates import KeptUpdate, Worker
from index.storage.leases import LeaseWatch

log = logging.getLogger(__name__)


def finish_one(
    connection: Connection, worker: Worker, kept: KeptUpdate, *, takes: bool, room: int
) -> list[KeptUpdate]:
    """Note what is done; take the next of its chat, else up to *room* that nobody works on."""
    following = kept_updates.finish(connection, worker, kept, takes=takes)
    if following is not None:
        return [following]
    return kept_updates.take_waiting(connection, worker, room) if takes and room > 0 else []


def read_waiting(engine: Engine, worker: Worker, chat: int) -> list[KeptUpdate]:
    """What waits of *chat*, which this worker has, in its order."""
    with engine.connect() as connection:
        return kept_updates.waiting_of(connection, worker, chat)


def look_around(
    connection: Connection, worker: Worker, watch: LeaseWatch, room: int
) -> list[KeptUpdate]:
    """Free what workers that are gone have taken; take what nobody works on."""
    gone = watch.gone(worker_beats.beats(connection, worker))
    if gone:
        log.warning("%d other worker(s) ended at work; their updates are taken over", len(gone))
        worker_beats.release(connection, worker.bot, gone)
    worker_beats.beat(connection, worker)
    return kept_updates.take_waiting(connection, worker, room) if room > 0 else []
