"""A Bot API server for tests, as strict as Telegram's, and everything that a test does with it."""

from __future__ import annotations

import re
from copy import deepcopy
from types import TracebackType
from typing import Any, Self

from botapi import delivery as deliveries
from botapi.log import Call
from botapi.methods import METHODS
from botapi.people import People
from botapi.server import Answer, Server, decode, encoded
from botapi.world import Json, Refused, User, World

TOKEN = "123456789:AAFakeTokenOfTheTestsOfTheBot-0_1234"  # noqa: S105 (has the shape of a token)
TOKEN_SHAPE = re.compile(r"\d+:[\w-]+", re.ASCII)
FEATURES = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": True,
    "can_connect_to_business": False,
    "has_main_web_app": False,
    "has_topics_enabled": False,
    "allows_users_to_create_topics": False,
    "can_manage_bots": False,
    "supports_guest_queries": True,
}


class BotApi(People):
    """
    The server, with one bot on it. Use it as a context; `features` are fields of getMe.

    It listens on 127.0.0.1 at a port of its own and runs in threads of the test's process.
    """

    def __init__(self, token: str = TOKEN, username: str = "ArticleBot", **features: bool) -> None:
        bot = User(int(token.partition(":")[0]), "Article bot", username=username, is_bot=True)
        super().__init__(World(bot, FEATURES | features))
        self.token = token
        self._server = Server(0, self._handle)
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop for good."""
        self.delivery.close()
        self._server.stop()

    @property
    def calls(self) -> list[Call]:
        """What the bot called, in order, without its polls."""
        return self.log.calls()

    def wait(
        self, method: str, *, timeout: float = 20, refused: bool = False, **wanted: Any
    ) -> Call:
        """
        Give the next call of *method* that no wait has given yet, carried out or *refused*.

        *wanted* are values that its parameters have, as in `chat_id=private.id`. Fails after
        *timeout* seconds, and tells what was called instead.
        """
        call = self.log.take(method, wanted, timeout, refused=refused)
        if call is None:
            raise AssertionError(
                f"no call of {method} {wanted or ''} within {timeout} s. What happened:\n"
                + self.transcript()
            )
        return call

    def _handle(self, path: str, params: Json) -> Answer:
        if path.startswith("/file/bot"):
            return self._download(path.removeprefix("/file/bot"))
        token, _, method = path.removeprefix("/bot").partition("/")
        if not path.startswith("/bot") or not TOKEN_SHAPE.fullmatch(token):
            return _refusal(Refused(404, "Not Found"))
        if token != self.token:
            return _refusal(Refused(401, "Unauthorized"))
        return self._call(method, params)

    def _call(self, method: str, params: Json) -> Answer:
        call = Call(method, params)
        try:
            call.params = decode(params)
            call.result = self._carry_out(method, call.params)
            answer = encoded(200, {"ok": True, "result": call.result})
        except Refused as error:
            call.error_code, call.error = error.error_code, error.description
            answer = _refusal(error)
        self.log.add(call)
        return answer

    def _carry_out(self, method: str, params: Json) -> Any:
        by_delivery = {
            "getUpdates": deliveries.get_updates,
            "setWebhook": deliveries.set_webhook,
            "deleteWebhook": deliveries.delete_webhook,
            "getWebhookInfo": deliveries.get_webhook_info,
        }
        if method in by_delivery:
            return by_delivery[method](self.delivery, params)
        if method not in METHODS:
            raise Refused(404, "Not Found")
        with self.delivery.changed:
            return deepcopy(METHODS[method](self.world, params))

    def _download(self, rest: str) -> Answer:
        token, _, path = rest.partition("/")
        file = self.world.files.get(path.removeprefix("documents/"))
        if token != self.token or file is None:
            return _refusal(Refused(404, "Not Found"))
        return Answer(200, file.content)

    def transcript(self) -> str:
        """Tell what happened, a line each."""
        return "\n".join(str(entry) for entry in self.log.entries)


def _refusal(error: Refused) -> Answer:
    content = {"ok": False, "error_code": error.error_code, "description": error.description}
    if error.parameters:
        content["parameters"] = error.parameters
    return encoded(error.error_code, content)
