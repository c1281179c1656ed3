"""The recovery sheet as a page."""

from dataclasses import replace
from html.parser import HTMLParser

from fks_infra.recovery.page import page
from tests.fks_infra.recovery.test_sheet import SHEET

ARMOR = "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl+/==\n-----END AGE ENCRYPTED FILE-----\n"


class Texts(HTMLParser):
    """Collects tags and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_has_the_same_as_the_text_and_needs_no_network() -> None:
    found = Texts(page(SHEET))
    for word in ("Recovery sheet of stack prod", "region <ca-central>", "fks a && b\nfks c"):
        assert word in found.text
    assert not {"script", "link", "img", "a"} & {*found.tags}
    assert "@page" in found.text and "Secrets" not in found.text


def test_the_encrypted_part_can_be_cut_out() -> None:
    lines = page(replace(SHEET, secrets=ARMOR)).splitlines()
    start = lines.index("-----BEGIN AGE ENCRYPTED FILE-----")
    assert "\n".join(lines[start : start + 3]) + "\n" == ARMOR
