"""Uses the front end in Chromium and prints one line of JSON: {step: "" or why it failed}.

usage: journey.py SETTINGS.json DIRECTORY

SETTINGS.json: {"web": URL, "member": {"name", "password"}, "outsider": the same}; the outsider is
in no group.
DIRECTORY gets one screenshot for each step. A step after a failed one is not tried.
"""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

BROWSER = "/usr/bin/chromium-headless-shell"
PAGE = "/portfolio"
SECONDS = 30
PRICE = re.compile(r"BTC \d+")


class Journey:
    """The steps, in order, in one window; the outsider has a window of its own."""

    def __init__(self, browser: Browser, settings: dict[str, Any]) -> None:
        self.browser = browser
        self.settings = settings
        self.violations: list[str] = []
        self.page = self.window()

    def window(self) -> Page:
        """Open a window without cookies that notes what a Content-Security-Policy blocks."""
        page = self.browser.new_context().new_page()
        page.set_default_timeout(SECONDS * 1000)
        page.on("console", lambda message: self.note(message.text))
        page.on("pageerror", lambda error: self.violations.append(str(error)))
        return page

    def note(self, text: str) -> None:
        if "Content Security Policy" in text:
            self.violations.append(text)

    def fill_login(self, page: Page, user: dict[str, str]) -> None:
        """Open a page of the front end and log in; ends when the password was sent."""
        page.goto(self.settings["web"] + PAGE)
        page.locator("#login").click()
        page.locator("input[name=uidField]").fill(user["name"])
        page.locator("button[type=submit]").click()
        page.locator("input[name=password]").fill(user["password"])
        page.locator("button[type=submit]").click()

    def see_account(self) -> None:
        """The page shows the user, the page's path and at least one trade."""
        expect(self.page.locator("#user")).to_have_text(self.settings["member"]["name"])
        expect(self.page.locator("#page")).to_have_text(PAGE)
        expect(self.page.locator("#trades")).to_have_text(re.compile(r"[1-9]\d*"))

    def log_in(self) -> None:
        self.fill_login(self.page, self.settings["member"])
        self.see_account()

    def show_image(self) -> None:
        """The image of the build arrives and has pixels."""
        width = self.page.locator("img").evaluate("image => image.naturalWidth")
        assert width > 0, "the image has no pixels"

    def receive_messages(self) -> None:
        """Two prices arrive, one after the other."""
        price = self.page.locator("#price")
        expect(price).to_have_text(PRICE)
        expect(price).not_to_have_text(price.inner_text())
        expect(price).to_have_text(PRICE)

    def reload_a_deep_link(self) -> None:
        answer = self.page.reload()
        assert answer is not None
        assert answer.status == 200, f"{PAGE} answered {answer.status}"
        self.see_account()

    def refresh_the_token(self) -> None:
        """With a token that the API rejects, the front end gets a new one."""
        self.page.evaluate("sessionStorage.access = 'expired'")
        self.page.reload()
        self.see_account()
        expect(self.page.locator("#tokens")).to_have_text("2")

    def log_out(self) -> None:
        """The session has ended at Authentik too: the next login wants the password."""
        self.page.locator("#logout").click()
        self.page.locator("#login").click()
        expect(self.page.locator("input[name=uidField]")).to_be_visible()

    def reject_an_outsider(self) -> None:
        self.page = self.window()
        self.fill_login(self.page, self.settings["outsider"])
        expect(self.page.locator("body")).to_contain_text("Permission denied")

    def respect_the_policy(self) -> None:
        assert not self.violations, "; ".join(self.violations)

    def steps(self) -> tuple[Callable[[], None], ...]:
        return (
            self.log_in,
            self.show_image,
            self.receive_messages,
            self.reload_a_deep_link,
            self.refresh_the_token,
            self.log_out,
            self.reject_an_outsider,
            self.respect_the_policy,
        )


def run(journey: Journey, directory: Path) -> dict[str, str]:
    """Carry out the steps; return the result of each."""
    results: dict[str, str] = {}
    for step in journey.steps():
        name = step.__name__
        try:
            step()
            results[name] = ""
        except (AssertionError, Error) as error:
            results[name] = f"{journey.page.url.partition('?')[0]}: {error}"[:600]
        journey.page.screenshot(path=directory / f"{len(results)}-{name}.png")
        if results[name]:
            break
    return results


def main(settings: Path, directory: Path) -> None:
    """Run Chromium; as root in a container it has no sandbox."""
    expect.set_options(timeout=SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        results = run(Journey(browser, json.loads(settings.read_text())), directory)
        browser.close()
    sys.stdout.write(json.dumps(results) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
