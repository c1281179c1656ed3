"""The recovery sheet as one HTML page that is made to be printed: no scripts, fonts or links."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from fks_infra.recovery.sheet import DECRYPT, Section, Sheet

_STYLE = Path(__file__).with_name("sheet.css")


def page(sheet: Sheet) -> str:
    """The page; without the encrypted part about one sheet of A4."""
    title = escape(sheet.title)
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>\n{_STYLE.read_text()}</style>\n"
        f"<h1>{title}</h1>\n<main>\n{''.join(_sections(sheet))}</main>\n{_secrets(sheet)}"
    )


def _sections(sheet: Sheet) -> Iterator[str]:
    for section in sheet.sections:
        yield _part(section.title, f"<table>\n{_rows(section)}</table>")
    for drill in sheet.drills:
        yield _part(drill.title, f"<pre>{escape(chr(10).join(drill.commands))}</pre>")


def _rows(section: Section) -> str:
    return "".join(
        f"<tr><th>{escape(label)}</th><td>{escape(value)}</td></tr>\n"
        for label, value in section.rows
    )


def _part(title: str, body: str) -> str:
    return f"<section>\n<h2>{escape(title)}</h2>\n{body}\n</section>\n"


def _secrets(sheet: Sheet) -> str:
    """The armor stands on lines of its own, so that it can be cut out of the file."""
    if not sheet.secrets:
        return ""
    armor = escape(sheet.secrets.strip())
    body = f"<p>{DECRYPT}</p>\n<pre>\n{armor}\n</pre>"
    return f'<div class="secrets">\n{_part("Secrets", body)}</div>\n'
