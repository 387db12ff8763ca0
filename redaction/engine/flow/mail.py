"""Internet messages (RFC 5322, MIME)."""

import email
from collections.abc import Iterator
from email.message import EmailMessage, MIMEPart
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path
from typing import cast

_FIRST = ("From", "To", "Cc", "Bcc", "Date", "Subject")
_DEPTH = 10


def words_of(path: Path) -> str:
    """Headers, the body, and of each attachment its name: the attachment is an item of its own."""
    with path.open("rb") as file:
        message = email.message_from_binary_file(file, policy=default)
    return "\n".join(_message(message, 0))


def _message(message: EmailMessage, depth: int) -> Iterator[str]:
    for name in _FIRST:
        for value in message.get_all(name, []):
            yield f"{name}: {_line(value)}"
    rest = [f"{name}: {_line(value)}" for name, value in message.items() if name.title() not in _FIRST]
    yield ""
    yield from _body(message, depth)
    if rest:
        yield ""
        yield "Other headers"
        yield from rest


def _line(value: object) -> str:
    return " ".join(str(value).split())


def _body(message: EmailMessage, depth: int) -> Iterator[str]:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is not None:
        yield _text(body)
    for number, part in enumerate(_attachments(message), start=1):
        yield ""
        name = part.get_filename() or "without a name"
        if part.get_content_type() == "message/rfc822" and depth < _DEPTH:
            yield f"Attached message {number}:"
            for inner in part.iter_parts():
                yield from _message(cast(EmailMessage, inner), depth + 1)
        else:
            size = len(part.get_payload(decode=True) or b"")
            yield f"Attachment {number}: {_line(name)} ({part.get_content_type()}, {size:,} bytes), an item of its own"


def _attachments(message: EmailMessage) -> Iterator[MIMEPart]:
    """Every part that is not the body; pictures inside the body are attachments too."""
    body = message.get_body(preferencelist=("plain", "html"))
    others = {id(message.get_body(preferencelist=(kind,))) for kind in ("plain", "html")}
    for part in message.walk():
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            continue
        if part is not body and id(part) not in others:
            yield part


def _text(part: MIMEPart) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        text = data.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:  # a charset that nobody knows
        text = data.decode("utf-8", "replace")
    return html_words(text) if part.get_content_subtype() == "html" else text


class _Words(HTMLParser):
    _LINES = frozenset(["p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "hr", "pre"])
    _SILENT = frozenset(("script", "style", "title"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._SILENT:
            self._silent += 1
        elif tag in self._LINES:
            self.parts.append("\n")
        elif tag == "td":
            self.parts.append(" ")
        given = dict(attrs)
        if tag == "img" and given.get("alt"):
            self.parts.append(f"[picture: {given['alt']}]")
        href = given.get("href") or ""
        if tag == "a" and href.startswith(("mailto:", "tel:")):
            self.parts.append(f"[{href}] ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in self._LINES:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(" ".join(data.split("\n")))


def html_words(html: str) -> str:
    """The words of a page of HTML, a block a line."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    lines = [" ".join(line.split()) for line in "".join(parser.parts).split("\n")]
    return "\n".join(line for number, line in enumerate(lines) if line or (number and lines[number - 1]))
