"""The only home of the cable between browsers and OnTrack: TCP passed on byte by byte, which a test can cut and mend.

A browser's own offline switch stops short of its workers; a cut cable stops everything, as a basement does.
"""

import contextlib
import re
import socket
import threading

ASKED = re.compile(rb"(?:GET|POST|PATCH|HEAD|PUT|DELETE) (\S+) HTTP/1\.1\r\n")
PIECE = 65536


class Cable:
    """Listens on `port` and passes on to `to_port`. `asked` holds the address of each request that went through."""

    def __init__(self, to_port: int) -> None:
        self.to_port = to_port
        self.asked: list[str] = []
        self._is_cut = threading.Event()
        self._left: dict[str, int | None] = {"up": None, "down": None}
        self._watched = b""
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """Ends every connection; new ones are ended at once until `mend`."""
        self._is_cut.set()
        with self._lock:
            ending, self._open = self._open, set()
        for one in ending:
            _end(one)

    def cut_after(self, way: str, count: int, asking: bytes = b"") -> None:
        """Cuts when `count` more bytes went `up` or `down`, counted from the next request whose head holds `asking`."""
        with self._lock:
            self._left[way], self._watched = count, asking

    @property
    def is_cut(self) -> bool:
        """Whether nothing goes through."""
        return self._is_cut.is_set()

    def wait_until_cut(self, seconds: float) -> bool:
        """Waits for a cut that was ordered with `cut_after`."""
        return self._is_cut.wait(seconds)

    def mend(self) -> None:
        """Lets everything through again."""
        with self._lock:
            self._left = {"up": None, "down": None}
            self._watched = b""
        self._is_cut.clear()

    def close(self) -> None:
        """The end of it."""
        self.cut()
        self._door.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                inner, _ = self._door.accept()
                self._connect(inner)

    def _connect(self, inner: socket.socket) -> None:
        if self.is_cut:
            _end(inner)
            return
        try:
            outer = socket.create_connection(("127.0.0.1", self.to_port))
        except OSError:
            _end(inner)
            return
        with self._lock:
            self._open |= {inner, outer}
        for source, target, way in ((inner, outer, "up"), (outer, inner, "down")):
            threading.Thread(target=self._pass_on, args=(source, target, way), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, way: str) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE):
                if way == "up":
                    self._note(piece)
                allowed = self._allowed(way, piece)
                target.sendall(allowed)
                if len(allowed) < len(piece):
                    self.cut()
                    break
        for one in (source, target):
            _end(one)
        with self._lock:
            self._open -= {source, target}

    def _note(self, piece: bytes) -> None:
        with self._lock:
            self.asked += [found.decode() for found in ASKED.findall(piece)]
            if self._watched and self._watched in piece:
                self._watched = b""

    def _allowed(self, way: str, piece: bytes) -> bytes:
        with self._lock:
            left = self._left[way]
            if left is None or self._watched:
                return piece
            self._left[way] = max(0, left - len(piece))
            return piece[:left]


def _end(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
