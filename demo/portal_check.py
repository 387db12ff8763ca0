"""The released copy, fetched through the portal as the prosecutor would, and looked at by two text extractors."""

from __future__ import annotations

import hashlib
import http.cookiejar
import io
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pypdf
from pdfminer.high_level import extract_text

from demo.posts import PROSECUTOR_EMAIL
from demo.statement import KEPT, PLANTED

# whose identifiers may not be in a copy for the CPS in this demonstration
_HIDDEN = ("complainant", "third_party")


class CheckFailed(Exception):
    """Something that must be there isn't, or the other way round; the message says what."""


class Browser:
    """As much of one as the portal's pages need: cookies, redirects, forms with their CSRF token."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str) -> bytes:
        """The body of a page; `CheckFailed` when it isn't there."""
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.base, path)))

    def post(self, path: str, fields: dict[str, str]) -> bytes:
        """Fill in the form on the page ``path`` and send it where it says; the body of what comes after."""
        form = _Form()
        form.feed(self.get(path).decode())
        data = urllib.parse.urlencode(form.hidden | fields).encode()
        target = urllib.parse.urljoin(self.base, form.action or path)
        request = urllib.request.Request(target, data=data, headers={"Referer": urllib.parse.urljoin(self.base, path)})
        return self._open(request)

    def _open(self, request: urllib.request.Request) -> bytes:
        try:
            with self._opener.open(request, timeout=60) as response:
                body: bytes = response.read()
                return body
        except urllib.error.HTTPError as error:
            raise CheckFailed(f"{request.full_url} answered {error.code}") from error


class _Form(HTMLParser):
    """Where the page's first form with a CSRF token inside <main> goes, and its hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.hidden: dict[str, str] = {}
        self._in_main = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "main":
            self._in_main = True
        elif self._in_main and tag == "form" and values.get("method", "").lower() == "post" and not self.hidden:
            self.action = values.get("action", "")
        elif self._in_main and tag == "input" and values.get("type") == "hidden" and "name" in values:
            self.hidden.setdefault(values["name"], values.get("value", ""))


def check_released_copy(portal_url: str, chain: dict[str, Any]) -> Iterator[str]:
    """Sign in, walk from the case to the copy, download and check it; what was found, line by line. `CheckFailed` if bad."""
    browser = Browser(portal_url)
    browser.post("/account/login/", {"login": PROSECUTOR_EMAIL, "password": chain["passwords"][PROSECUTOR_EMAIL]})
    home = browser.get("/").decode()
    case_path = f"/cases/{chain['case_id']}/"
    _must(case_path in home, "the portal's first page doesn't show the case")
    case = browser.get(case_path).decode()
    _must(chain["schedule"]["kind"] in case, "the portal's case page doesn't show the schedule")
    copy_path = _find(r"/copies/[0-9a-f-]{36}/", case, "the portal's case page doesn't show the released copy")
    yield f"the prosecutor sees the case, its {chain['schedule']['kind']} and the released copy"
    pdf = browser.post(copy_path, {"purpose": "To review the statement for a charging decision", "how": "download"})
    found = hashlib.sha256(pdf).hexdigest()
    _must(found == chain["release"]["sha256"], f"the downloaded copy has another SHA-256: {found}")
    yield f"downloaded {len(pdf)} bytes, SHA-256 as released"
    yield from check_text(pdf)


def check_text(pdf: bytes) -> Iterator[str]:
    """No hidden identifier is in the copy, by either extractor or as bytes; the rest of the statement is."""
    hidden = [planted.text for planted in PLANTED if planted.role in _HIDDEN]
    texts = {
        "pypdf": "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages),
        "pdfminer.six": extract_text(io.BytesIO(pdf)),
        "the file's bytes": pdf.decode("latin-1"),
    }
    for tool, text in texts.items():
        left = [string for string in hidden if _squeezed(string) in _squeezed(text)]
        _must(not left, f"{len(left)} of {len(hidden)} planted identifiers are still in the copy ({tool})")
    for tool in ("pypdf", "pdfminer.six"):
        gone = [string for string in KEPT if _squeezed(string) not in _squeezed(texts[tool])]
        _must(not gone, f"words that must stay are missing from the copy ({tool}): {gone}")
    yield f"none of {len(hidden)} planted identifiers of complainant and neighbour is in it; {len(KEPT)} other passages are"


def _squeezed(text: str) -> str:
    """Without white space and in lower case: an identifier broken over two lines counts."""
    return re.sub(r"\s+", "", text).lower()


def _find(pattern: str, text: str, otherwise: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise CheckFailed(otherwise)
    return found.group()


def _must(good: bool, otherwise: str) -> None:
    if not good:
        raise CheckFailed(otherwise)
