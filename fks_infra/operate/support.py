"""The archive of a support bundle: a directory for each server, one for this machine, an index."""

import io
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fks_infra.operate.reports import Reports
from fks_infra.operate.unreachable import Unreachable

OPERATOR = "operator"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A file of the archive; `note` says what is missing or wrong, or is empty."""

    path: str
    text: str
    note: str = ""


def server_parts(reports: Reports) -> Iterator[Part]:
    """From what bin/support-bundle printed on each server (host/fks_deploy/support.py)."""
    for name, report in reports.items():
        if isinstance(report, Unreachable):
            yield Part(path=f"{name}/", text="", note=f"not reached: {report.reason}")
            continue
        for one in report["parts"]:
            cut = f"its first {one['cut']} characters are left out" if one["cut"] else ""
            note = "; ".join(filter(None, (cut, one["error"])))
            yield Part(path=f"{name}/{one['name']}", text=one["text"], note=note)


def index(stack: str, time: str, parts: Sequence[Part]) -> str:
    """The page INDEX.md."""
    sizes = ((one, len(one.text.encode())) for one in parts)
    rows = "".join(f"| {one.path} | {size} | {_cell(one.note)} |\n" for one, size in sizes)
    return (
        f"# Support bundle of stack {stack}, {time}\n\n"
        "Secrets that the servers know are replaced by ***. Addresses, host names and names of "
        "users are not.\n\n"
        f"| file | bytes | note |\n|---|---|---|\n{rows}"
    )


def archive(files: Mapping[str, str], seconds: float) -> bytes:
    """A gzipped tar of these files; `seconds` since 1970 is their time."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for path, text in files.items():
            content = text.encode(errors="backslashreplace")
            info = tarfile.TarInfo(path)
            info.size, info.mode, info.mtime = len(content), 0o600, int(seconds)
            tar.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
