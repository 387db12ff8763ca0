"""A person at a browser: signs in, fills in GOV.UK forms by their labels, and notices what a browser complains of."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, ViewportSize, expect

ROOT = Path(__file__).parent.parent.parent
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SCREENSHOTS = ROOT / "screenshots"
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 390, "height": 844}

# Chromium reports a broken policy to this event; the console then holds it, whatever the page does
_REPORT_CSP = """
document.addEventListener('securitypolicyviolation', e =>
  console.error(`CSP: ${e.effectiveDirective} blocked ${e.blockedURI} at ${e.sourceFile}:${e.lineNumber}`));
"""
_AXE_RUN = """
async () => {
  const found = await axe.run(document, {resultTypes: ['violations']});
  return found.violations.map(v => `${v.id}: ${v.help} (${v.nodes.map(n => n.target.join(' ')).slice(0, 4).join(', ')})`);
}
"""


class Person:
    """One person in a browser of their own (cookies, storage), on the site at ``base``."""

    def __init__(self, browser: Browser, base: str, name: str) -> None:
        self.name = name
        self.base = base
        self.problems: list[str] = []
        self.pages_seen: set[str] = set()
        self._password = ""
        self.context: BrowserContext = browser.new_context(viewport=WIDE, base_url=base, accept_downloads=True)
        self.context.add_init_script(_REPORT_CSP)
        self.page: Page = self.context.new_page()
        self._watch(self.page)

    def _watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"{self.name}: {page.url}: {error}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # a lost connection is part of the test and prints net::ERR_…; an answer of 4xx is asserted where it is expected
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.problems.append(f"{self.name}: {self.page.url}: {message.text}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{self.name}: {response.url} answered {response.status}")

    def new_page(self) -> Page:
        """A second tab that is watched too."""
        page = self.context.new_page()
        self._watch(page)
        return page

    # ---- doing -------------------------------------------------------------------------------------------------------

    def sign_in(self, email: str, password: str) -> None:
        """Through the sign-in page, by hand."""
        self.go("/account/login/")
        self._password = password
        self.fill({"Email": email, "Password": password})
        self.press("Sign in")
        expect(self.page.get_by_role("heading", level=1)).not_to_contain_text("Sign in")

    def confirm(self) -> None:
        """Enter the password again if the page asks for it (it does some minutes after the sign-in)."""
        if "/reauthenticate/" in self.page.url:
            self.fill({"Password": self._password})
            self.press(re.compile("Confirm|Continue"))

    def go(self, path: str) -> None:
        """Open an address; anything but success fails."""
        response = self.page.goto(path)
        assert response is not None and response.ok, f"{self.name}: {path} answered {response and response.status}"
        self.look()

    def follow(self, text: str | re.Pattern[str]) -> None:
        """Click the first link of that text in the main part of the page (GOV.UK's start buttons are links too)."""
        self.page.get_by_role("main").locator("a", has_text=text).first.click()
        self.page.wait_for_load_state()
        self.look()

    def tab(self, text: str) -> None:
        """Click a link of the case's sub-navigation."""
        self.page.get_by_role("navigation", name=re.compile("Case|Sub", re.IGNORECASE)).get_by_role("link", name=text).click()
        self.page.wait_for_load_state()
        self.look()

    def press(self, text: str | re.Pattern[str]) -> None:
        """Press a button and wait for what follows."""
        self.page.get_by_role("main").get_by_role("button", name=text).first.click()
        self.page.wait_for_load_state()
        self.look()

    def fill(self, values: dict[str, str]) -> None:
        """Fill in fields by their labels: text, text areas, selects and three-part dates (DD/MM/YYYY)."""
        for label, value in values.items():
            group = self.page.get_by_role("group", name=label)
            if re.fullmatch(r"\d\d/\d\d/\d{4}( \d\d:\d\d)?", value) and group.count():
                self._fill_date(group.first, value)
                continue
            field = self.page.get_by_role("main").get_by_label(label, exact=False).first
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                field.fill(value)

    @staticmethod
    def _fill_date(group: Any, value: str) -> None:
        date, _, time = value.partition(" ")
        for part, text in zip(("Day", "Month", "Year"), date.split("/"), strict=True):
            group.get_by_label(part, exact=True).fill(text)
        if time:
            group.get_by_label(re.compile("Time", re.IGNORECASE)).fill(time)

    def choose(self, group: str, option: str) -> None:
        """Pick a radio button or tick a box by the legend of its group and its label."""
        self.page.get_by_role("group", name=group).get_by_label(option, exact=False).first.check()

    def sees(self, text: str | re.Pattern[str], *, seconds: float = 15) -> None:
        """The text is on the page, or comes to be without a reload."""
        expect(self.page.get_by_text(text).first).to_be_visible(timeout=seconds * 1000)

    # ---- looking -----------------------------------------------------------------------------------------------------

    def look(self, state: str = "") -> None:
        """Once for each kind of page: axe, the marking, a picture at both widths, and no sideways scrolling there.

        ``state`` tells a page that has changed since from the same page as it was before.
        """
        self.page.wait_for_load_state()
        kind = f"{self._kind()} {state}".rstrip()
        if kind in self.pages_seen:
            return
        self.pages_seen.add(kind)
        if AXE.exists():
            self.page.evaluate(AXE.read_text())
            for violation in self.page.evaluate(_AXE_RUN):
                self.problems.append(f"{self.name}: {kind}: axe: {violation}")
        if self.page.get_by_text("OFFICIAL-SENSITIVE").count() < 2:
            self.problems.append(f"{self.name}: {kind}: the marking isn't at the top and the bottom")
        SCREENSHOTS.mkdir(exist_ok=True)
        name = re.sub(r"[^a-z0-9]+", "-", f"{self.name} {kind}".lower()).strip("-")
        for size in (NARROW, WIDE):
            self.page.set_viewport_size(size)
            self.page.screenshot(path=SCREENSHOTS / f"{name}-{size['width']}.png", full_page=True)
            if self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
                self.problems.append(f"{self.name}: {kind}: scrolls sideways at {size['width']} px")

    def _kind(self) -> str:
        """The address without ids and query: one look at each kind of page is enough."""
        path = self.page.url.split("?")[0].removeprefix(self.base)
        path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", path)
        return re.sub(r"/\d+(?=/|$)", "/n", re.sub(r"/[0-9A-Za-z_-]{20,}", "/ticket", path)) or "/"
