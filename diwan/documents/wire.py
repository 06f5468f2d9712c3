"""How the signer and its callers talk: one frame a direction over a unix socket, authenticated by a shared key.

A frame is a length of four bytes (big endian) and JSON `{"body": text, "mac": hex}`; the body is JSON itself.
"""

from __future__ import annotations

import hmac
import json
import socket
import struct
from hashlib import sha256
from typing import Any

LIMIT = 32 * 1024 * 1024
_LENGTH = struct.Struct(">I")


class BadFrame(Exception):
    """The bytes are no frame of this protocol, or the key is not the shared one."""


def send(connection: socket.socket, message: dict[str, Any], *, key: str) -> None:
    """Send one frame."""
    body = json.dumps(message, ensure_ascii=False)
    frame = json.dumps({"body": body, "mac": _mac(body, key)}, ensure_ascii=False).encode()
    connection.sendall(_LENGTH.pack(len(frame)) + frame)


def receive(connection: socket.socket, *, key: str) -> dict[str, Any]:
    """Read one frame. Raises BadFrame; EOFError when the other side closed before a frame began."""
    head = _read(connection, _LENGTH.size)
    (length,) = _LENGTH.unpack(head)
    if length > LIMIT:
        raise BadFrame("too long")
    try:
        envelope = json.loads(_read(connection, length))
        body, mac = envelope["body"], envelope["mac"]
        if not hmac.compare_digest(_mac(body, key), mac):
            raise BadFrame("wrong key")
        message = json.loads(body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFrame("not a frame") from error
    if not isinstance(message, dict):
        raise BadFrame("not an object")
    return message


def _mac(body: str, key: str) -> str:
    return hmac.new(key.encode(), body.encode(), sha256).hexdigest()


def _read(connection: socket.socket, length: int) -> bytes:
    parts: list[bytes] = []
    missing = length
    while missing:
        part = connection.recv(min(missing, 1 << 16))
        if not part:
            if missing == length and not parts:
                raise EOFError
            raise BadFrame("cut short")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
