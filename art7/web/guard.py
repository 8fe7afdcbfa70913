"""Headers that keep a page from running or loading anything but what this server ships."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

_OURS = ("/report/", "/page-image/", "/indicator/", "/state/")
_OURS_WHOLE = ("/", "/indicators", "/states", "/search")
_COMMON = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none';"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'; script-src 'self'"
)


def guarded(app: App) -> App:
    """Return the application with security headers on every answer."""

    async def answer(scope: Message, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message.get("headers", []), *_headers(scope["path"])]
                message = {**message, "headers": headers}
            await send(message)

        await app(scope, receive, send_guarded)

    return answer


def _headers(path: str) -> list[tuple[bytes, bytes]]:
    ours = path.startswith(_OURS) or path in _OURS_WHOLE
    # Datasette's own table and query pages carry small scripts within the page
    policy = _COMMON if ours else f"{_COMMON} 'unsafe-inline'"
    return [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
    ]
