"""A TCP proxy in front of a real server that counts the commits passing and can cut a connection at one."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

# Bolt's COMMIT: one chunk of two bytes, a structure without fields and its tag.
_COMMIT = b"\x00\x02\xb0\x12\x00\x00"
_PIECE = 65_536


class CountingProxy:
    """Passes bytes on. `cut_at`: the commit whose reply is lost, its connection closed, counted from 1."""

    def __init__(self, port: int, cut_at: int = 0) -> None:
        self.commits, self.cut_at, self.cuts = 0, cut_at, 0
        self._port = port
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()
        self.cut_all()

    def cut_all(self) -> None:
        """Close every connection as it stands."""
        while self._open:
            _close(self._open.pop())

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._port))
            except OSError:
                return
            self._open += [client, server]
            lost = threading.Event()
            threading.Thread(target=self._up, args=(client, server, lost), daemon=True).start()
            threading.Thread(target=self._down, args=(server, client, lost), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, lost: threading.Event) -> None:
        tail = b""
        with contextlib.suppress(OSError):
            while piece := client.recv(_PIECE):
                seen = (tail + piece).count(_COMMIT)
                tail = piece[-len(_COMMIT) + 1 :]
                self.commits += seen
                if seen and self.commits - seen < self.cut_at <= self.commits:
                    lost.set()  # before it is sent: the reply must not slip through
                server.sendall(piece)
        _close(server)

    def _down(self, server: socket.socket, client: socket.socket, lost: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while piece := server.recv(_PIECE):
                if lost.is_set():  # the server has answered the commit, so it is done
                    self.cuts += 1
                    break
                client.sendall(piece)
        _close(client)
        _close(server)


def _close(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
