"""A slow line between a browser and OnTrack, for the benches: TCP passed on no faster than so many bytes a second, later by
half a round trip. A browser's own throttling stops short of its workers, which fetch the most."""

import contextlib
import socket
import threading
import time

PIECE = 8192


class SlowLine:
    """Listens on `port` and passes on to `to_port`. `bytes_per_s` down is shared by all connections, as on a phone; None is
    as fast as the machine."""

    def __init__(self, to_port: int) -> None:
        self.to_port = to_port
        self.bytes_per_s: float | None = None
        self.delay_s = 0.0
        self._lock = threading.Lock()
        self._free_at = 0.0
        self._door = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        """Takes no more connections."""
        self._door.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self.to_port))
        except OSError:
            near.close()
            return
        threading.Thread(target=self._pass, args=(near, far, False), daemon=True).start()
        self._pass(far, near, True)

    def _pass(self, source: socket.socket, target: socket.socket, is_down: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE):
                if is_down:
                    self._wait_for(len(piece))
                else:
                    time.sleep(self.delay_s)
                target.sendall(piece)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _wait_for(self, size: int) -> None:
        """Until the line has had time for that much more."""
        if self.bytes_per_s is None:
            return
        with self._lock:
            now = time.monotonic()
            self._free_at = max(self._free_at, now) + size / self.bytes_per_s
            wait = self._free_at - now
        time.sleep(wait + self.delay_s)
