"""A Bot API server for tests, as strict as Telegram's, and everything that a test does with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any, Self

from fake_telegram.delivery import DELIVERY
from fake_telegram.faults import Fault, Flood
from fake_telegram.log import Call
from fake_telegram.methods import METHODS
from fake_telegram.people import People
from fake_telegram.server import Answer, Server, decode, encoded
from fake_telegram.transcript import transcript
from fake_telegram.world import Json, Refused, User, World

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
        self.faults: list[Fault] = []
        self.flood = Flood()
        self._server: Server | None = Server(0, self._handle)
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.delivery.close()
        self.go_offline()

    def go_offline(self) -> None:
        """Refuse connections, as when the network is down; what the server knows is kept."""
        if self._server:
            self._server.stop()
            self._server = None

    def go_online(self) -> None:
        """Listen again, at the same port."""
        self._server = self._server or Server(self.port, self._handle)

    def fail(self, method: str, error_code: int = 0, description: str = "", **how: Any) -> Fault:
        """Let the next call of *method* fail; see Fault for what can be told in *how*."""
        fault = Fault(method, error_code, description, **how)
        with self.delivery.changed:
            self.faults.append(fault)
        return fault

    def limit(self, **limits: Any) -> None:
        """Answer 429 to whoever sends more than the *limits* of Flood allow."""
        with self.delivery.changed:
            self.flood = Flood(**limits)

    @property
    def calls(self) -> list[Call]:
        """What the bot called, in order, without its polls."""
        return self.log.calls()

    @property
    def polls(self) -> list[Call]:
        """The calls of getUpdates, in order."""
        return self.log.calls("getUpdates")

    @property
    def refusals(self) -> list[Call]:
        """The calls that the server refused of its own: those that a right bot never makes."""
        return [call for call in self.calls if call.error_code and not call.injected]

    def untaken(self, method: str, **wanted: Any) -> list[Call]:
        """Give the calls of *method* with the *wanted* parameters that no wait has given."""
        return [call for call in self.calls if call.matches(method, wanted) and not call.taken]

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

    def transcript(self) -> str:
        """Tell what happened, an event a line."""
        with self.delivery.changed:
            return transcript(self.world, self.log.entries)

    def _handle(self, path: str, params: Json, has_hung_up: Callable[[], bool]) -> Answer:
        if path.startswith("/file/bot"):
            return self._download(path.removeprefix("/file/bot"))
        token, _, method = path.removeprefix("/bot").partition("/")
        call = Call(method, params)
        fault = self._fault(method, params)
        if fault.drop == "before":
            call.error_code, call.error, call.injected = -1, "the connection is dropped", True
            answer = Answer(-1, b"")
        else:
            answer = self._answer(call, fault, token if path.startswith("/bot") else "")
        if method != "getUpdates" or not has_hung_up():  # a bot that stops leaves a poll behind
            self.log.add(call)
        if fault.drop == "after":
            answer = Answer(-1, b"")
        return replace(answer, delay=fault.delay)

    def _fault(self, method: str, params: Json) -> Fault:
        """Give what is to go wrong with a call, or a fault that does nothing."""
        chat = decode({"chat_id": params.get("chat_id")})
        with self.delivery.changed:
            for fault in self.faults:
                if fault.meets(method, chat):
                    fault.times -= 1
                    return fault
        return Fault(method)

    def _answer(self, call: Call, fault: Fault, token: str) -> Answer:
        try:
            self._check_token(token)
            call.params = decode(call.params)
            fault.refuse()
            call.result = self._carry_out(call.method, call.params)
        except Refused as error:
            call.error_code, call.error = error.error_code, error.description
            call.injected = bool(fault.error_code)
            return _refusal(error)
        except Exception as error:
            # A call that the server chokes on must show in the test, not hang the bot.
            call.error_code, call.error = 500, f"Internal Server Error: {error!r}"
            return _refusal(Refused(500, call.error))
        return encoded(200, {"ok": True, "result": call.result})

    def _check_token(self, token: str) -> None:
        if not TOKEN_SHAPE.fullmatch(token):
            raise Refused(404, "Not Found")
        if token != self.token:
            raise Refused(401, "Unauthorized")

    def _carry_out(self, method: str, params: Json) -> Any:
        if method in DELIVERY:
            return DELIVERY[method](self.delivery, params)
        if method not in METHODS:
            raise Refused(404, "Not Found")
        with self.delivery.changed:
            self.flood.check(method, params)
            result = deepcopy(METHODS[method](self.world, params))
            for kind, content, chat in self.world.outbox:
                self._arrive(kind, content, chat)
            self.world.outbox.clear()
            return result

    def _download(self, rest: str) -> Answer:
        token, _, path = rest.partition("/")
        file = self.world.files.get(path.removeprefix("documents/"))
        if token != self.token or file is None:
            return _refusal(Refused(404, "Not Found"))
        return Answer(200, file.content)


def _refusal(error: Refused) -> Answer:
    content = {"ok": False, "error_code": error.error_code, "description": error.description}
    if error.parameters:
        content["parameters"] = error.parameters
    return encoded(error.error_code, content)
