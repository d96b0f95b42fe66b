"""How updates get to the bot: one queue, emptied by getUpdates or by a webhook."""

from __future__ import annotations

import http.client
import itertools
import json
import re
import threading
import time
import urllib.parse
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from fake_telegram.world import Json, Refused, bad_request

KINDS = (
    *("message", "edited_message", "channel_post", "edited_channel_post"),
    *("business_connection", "business_message", "edited_business_message"),
    *("deleted_business_messages", "guest_message", "message_reaction", "message_reaction_count"),
    *("inline_query", "chosen_inline_result", "callback_query", "shipping_query"),
    *("pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "my_chat_member"),
    *("chat_member", "chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot"),
)
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}  # off by default
DEFAULT = frozenset(KINDS) - ON_REQUEST
LONGEST_POLL = 50  # seconds, as the Bot API server cuts `timeout`
RETRY = 0.5  # seconds between attempts at a webhook; Telegram begins with as little
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"  # noqa: E501
WEBHOOK_ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"  # noqa: E501

# Of updates; no two servers of a test use the same, as Telegram uses none again.
IDS = itertools.count(700_000_001)


@dataclass(eq=False)
class Webhook:
    """Where updates are posted to, and how the last failed attempt ended."""

    url: str
    secret_token: str | None
    max_connections: int
    last_error_date: int = 0
    last_error_message: str = ""


@dataclass
class Delivery:
    """The queue of updates; `changed` guards it and everything else the server knows."""

    changed: threading.Condition = field(default_factory=threading.Condition)
    pending: list[Json] = field(default_factory=list)
    allowed: frozenset[str] = DEFAULT
    webhook: Webhook | None = None
    closed: bool = False
    ids: itertools.count[int] = field(default_factory=lambda: IDS)
    poller: int = 0  # counts the calls of getUpdates: whoever waits and is not the last has lost

    def put(self, kind: str, content: Json) -> Json | None:
        """Queue an update, unless the bot asked not to get its *kind*."""
        with self.changed:
            if kind not in self.allowed:
                return None
            update = {"update_id": next(self.ids), kind: deepcopy(content)}
            self.pending.append(update)
            self.changed.notify_all()
            return update

    def close(self) -> None:
        """Let everybody go who waits."""
        with self.changed:
            self.closed, self.webhook = True, None
            self.changed.notify_all()


def get_updates(delivery: Delivery, params: Json) -> list[Json]:
    """Give what is pending from `offset` on; wait up to `timeout` seconds when nothing is."""
    with delivery.changed:
        if delivery.webhook:
            raise Refused(409, WEBHOOK_ACTIVE)
        _choose(delivery, params)
        delivery.poller += 1
        mine = delivery.poller
        _forget(delivery, params.get("offset", 0))
        delivery.changed.notify_all()
        delivery.changed.wait_for(
            lambda: delivery.pending or delivery.poller != mine or delivery.closed,
            min(params.get("timeout", 0), LONGEST_POLL),
        )
        if delivery.webhook:
            raise Refused(409, "Conflict: terminated by setWebhook request")
        if delivery.poller != mine:
            raise Refused(409, CONFLICT)
        limit = params.get("limit", 100)
        return deepcopy(delivery.pending[: limit if 0 < limit <= 100 else 100])


def set_webhook(delivery: Delivery, params: Json) -> bool:
    """Post updates to `url` from now on; an empty one is the same as deleteWebhook."""
    url, secret = params.get("url", ""), params.get("secret_token")
    if not url:
        return delete_webhook(delivery, params)
    host = urllib.parse.urlsplit(url).hostname
    # Telegram wants HTTPS everywhere; a test on this machine has no certificate.
    if not url.startswith("https://") and host not in ("127.0.0.1", "localhost"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret is not None and not re.fullmatch(r"[\w-]{1,256}", secret, re.ASCII):
        raise bad_request("secret token contains unallowed characters")
    with delivery.changed:
        _choose(delivery, params)
        if params.get("drop_pending_updates"):
            delivery.pending.clear()
        delivery.poller += 1  # whoever polls loses
        hook = Webhook(url, secret, params.get("max_connections", 40))
        delivery.webhook = hook
        delivery.changed.notify_all()
    threading.Thread(target=_serve, args=(delivery, hook, _post), daemon=True).start()
    return True


def delete_webhook(delivery: Delivery, params: Json) -> bool:
    """Post no updates any more."""
    with delivery.changed:
        delivery.webhook = None
        if params.get("drop_pending_updates"):
            delivery.pending.clear()
        delivery.changed.notify_all()
    return True


def get_webhook_info(delivery: Delivery, params: Json) -> Json:
    """Say where updates go and how that went."""
    hook = delivery.webhook or Webhook("", None, 0)
    info = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(delivery.pending),
    }
    if hook.max_connections:
        info["max_connections"] = hook.max_connections
    if hook.last_error_date:
        info["last_error_date"] = hook.last_error_date
        info["last_error_message"] = hook.last_error_message
    if delivery.allowed != DEFAULT:
        info["allowed_updates"] = sorted(delivery.allowed)
    return info


def _choose(delivery: Delivery, params: Json) -> None:
    """Take `allowed_updates` over: absent keeps what was asked before, empty is the default."""
    wanted = params.get("allowed_updates")
    if wanted is not None:
        delivery.allowed = frozenset(wanted) & frozenset(KINDS) or DEFAULT


def _forget(delivery: Delivery, offset: int) -> None:
    """Drop the updates before *offset*, or all but the last ones when it is negative."""
    if offset < 0:
        del delivery.pending[:offset]
    else:
        delivery.pending[:] = [kept for kept in delivery.pending if kept["update_id"] >= offset]


def _serve(
    delivery: Delivery, hook: Webhook, post: Callable[[Webhook, Json], tuple[int, str]]
) -> None:
    """Post updates one after another, each until it is accepted, while *hook* is the webhook."""
    while True:
        with delivery.changed:
            delivery.changed.wait_for(lambda: delivery.pending or delivery.webhook is not hook)
            if delivery.webhook is not hook:
                return
            update = delivery.pending[0]
        status, reason = post(hook, update)
        with delivery.changed:
            if 200 <= status < 300:
                delivery.pending[:] = [kept for kept in delivery.pending if kept is not update]
                delivery.changed.notify_all()
                continue
            hook.last_error_date = int(time.time())
            hook.last_error_message = f"Wrong response from the webhook: {status} {reason}"
            delivery.changed.wait_for(lambda: delivery.webhook is not hook, RETRY)


def _post(hook: Webhook, update: Json) -> tuple[int, str]:
    """Give the status of the answer to *update*, 0 when there is none, and the reason."""
    parts = urllib.parse.urlsplit(hook.url)
    secure = parts.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=10)
    headers = {"Content-Type": "application/json"}
    if hook.secret_token is not None:
        headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret_token
    try:
        connection.request("POST", parts.path or "/", json.dumps(update), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.reason
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


DELIVERY: dict[str, Callable[[Delivery, Json], Any]] = {
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
