"""A cut line ends for both sides, whatever the client does; a line that opens while its session ends is refused."""

import asyncio
from collections.abc import Callable

import pytest
from starlette.types import Message, Receive, Scope, Send

from ontrack_app.web.lines import REMEMBERED_S, Lines

SCOPE: Scope = {"type": "websocket"}
WITHIN_S = 5.0


class Wire:
    """The server's side of a websocket whose client never says or closes anything again."""

    def __init__(self, *first: str) -> None:
        self.sent: list[Message] = []
        self.quiet = asyncio.Event()
        self._coming = [{"type": "websocket.receive", "text": text} for text in first]

    async def receive(self) -> Message:
        """What the client sent, then nothing for ever."""
        if self._coming:
            return self._coming.pop(0)
        self.quiet.set()
        return await asyncio.get_running_loop().create_future()

    async def send(self, message: Message) -> None:
        """Keeps what the client would get."""
        self.sent.append(message)

    def kinds(self) -> list[str]:
        """The kinds of what was sent."""
        return [message["type"] for message in self.sent]


def echo(heard: list[str]) -> Callable[[Scope, Receive, Send], object]:
    """An app that answers each message, and stops when the client is gone."""

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            heard.append(message["type"])
            if message["type"] == "websocket.disconnect":
                return
            await send({"type": "websocket.send", "text": message["text"]})

    return app


async def running(lines: Lines, wire: Wire, heard: list[str], session: str = "s") -> asyncio.Task[None]:
    """A line on which the app waits for the client."""
    task = asyncio.create_task(lines.run(echo(heard), SCOPE, wire.receive, wire.send, session_hash=session))
    await asyncio.wait_for(wire.quiet.wait(), WITHIN_S)
    return task


def test_messages_pass_in_order_until_the_line_is_cut() -> None:
    async def story() -> None:
        lines, wire, heard = Lines(), Wire("a", "b"), list[str]()
        task = await running(lines, wire, heard)
        assert lines.cut("s") == 1
        await asyncio.wait_for(task, WITHIN_S)
        assert [message.get("text") for message in wire.sent[:2]] == ["a", "b"]
        assert heard == ["websocket.receive", "websocket.receive", "websocket.disconnect"]
        assert wire.kinds()[-1] == "websocket.close"
        assert lines.sessions() == []

    asyncio.run(story())


def test_only_the_lines_of_that_session_are_cut() -> None:
    async def story() -> None:
        lines, mine, theirs = Lines(), [Wire(), Wire()], Wire()
        tasks = [await running(lines, wire, []) for wire in mine]
        other = await running(lines, theirs, [], "other")
        assert lines.cut("s") == 2
        await asyncio.wait_for(asyncio.gather(*tasks), WITHIN_S)
        assert (theirs.sent, lines.sessions(), lines.cut("s")) == ([], ["other"], 0)
        lines.cut("other")
        await other

    asyncio.run(story())


@pytest.mark.parametrize(("later", "refused"), [(0.0, True), (REMEMBERED_S + 1, False)])
def test_a_line_of_a_session_that_has_just_ended_does_not_open(later: float, refused: bool) -> None:
    async def story() -> None:
        clock = [100.0]
        lines, wire, heard = Lines(lambda: clock[0]), Wire("a"), list[str]()
        lines.ended("s")
        clock[0] += later
        lines.ended("another")
        task = asyncio.create_task(lines.run(echo(heard), SCOPE, wire.receive, wire.send, session_hash="s"))
        if refused:
            await asyncio.wait_for(task, WITHIN_S)
            assert (wire.kinds(), heard) == (["websocket.close"], [])
            return
        await asyncio.wait_for(wire.quiet.wait(), WITHIN_S)
        assert heard == ["websocket.receive"]
        lines.cut("s")
        await asyncio.wait_for(task, WITHIN_S)

    asyncio.run(story())


def test_a_waiting_app_that_gives_up_loses_no_message() -> None:
    """Servers of sockets wait with a timeout: what comes after it must still be heard."""

    async def story() -> None:
        lines, wire = Lines(), Wire()
        came: asyncio.Future[Message] = asyncio.get_running_loop().create_future()

        async def late() -> Message:
            return await came

        async def app(_scope: Scope, receive: Receive, send: Send) -> None:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(receive(), 0.01)
            came.set_result({"type": "websocket.receive", "text": "late"})
            await send(await receive())

        await asyncio.wait_for(lines.run(app, SCOPE, late, wire.send, session_hash="s"), WITHIN_S)
        assert [message["text"] for message in wire.sent] == ["late"]

    asyncio.run(story())
