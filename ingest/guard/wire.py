"""How parent and child talk: a JSON object a line over a socket, files as open descriptors."""

import json
import os
import socket
from collections.abc import Mapping
from typing import Any

LONGEST = 1 << 24  # header texts of every sheet travel in an answer
_PIECE = 1 << 16

LAYOUTS = "layouts.pickle"
"""The file in the scratch folder in which the parent leaves templates that are not built in."""


class WireBroken(Exception):
    """The other side is gone, or what it sent is no message."""


class Wire:
    """One end of the conversation."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._buffer = b""
        self._descriptors: list[int] = []

    def send(self, message: Mapping[str, Any], descriptor: int | None = None) -> None:
        """Send one message, with an open file if there is one; WireBroken when nobody listens."""
        line = json.dumps(message).encode() + b"\n"
        try:
            sent = socket.send_fds(self._channel, [line], [descriptor]) if descriptor is not None else 0
            self._channel.sendall(line[sent:])
        except OSError as error:
            raise WireBroken from error

    def receive(self, timeout_s: float | None = None) -> dict[str, Any] | None:
        """The next message, None when none came in time; WireBroken at the end or on nonsense."""
        self._channel.settimeout(timeout_s)
        while b"\n" not in self._buffer:
            try:
                piece, descriptors, _, _ = socket.recv_fds(self._channel, _PIECE, 1)
            except TimeoutError:
                return None
            except OSError as error:
                raise WireBroken from error
            self._descriptors += descriptors
            if not piece or len(self._buffer) > LONGEST:
                raise WireBroken
            self._buffer += piece
        line, _, self._buffer = self._buffer.partition(b"\n")
        try:
            message = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise WireBroken from error
        if not isinstance(message, dict):
            raise WireBroken
        return message

    def take_descriptor(self) -> int:
        """The file that came with the last message; WireBroken without one."""
        if not self._descriptors:
            raise WireBroken
        return self._descriptors.pop(0)

    def close(self) -> None:
        """Close the socket and files nobody took."""
        for descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors = []
        self._channel.close()
