"""The rehearsal's certificate authority."""

from __future__ import annotations

import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from rehearsal.world import authority
from rehearsal.world.authority import Authority

NAMES = ("registry.example.org",)


def test_worlds_that_start_together_share_one_certificate_and_its_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Authority(tmp_path / "ca").ensure()
    # The first to write a key is the last to write its certificate.
    pauses = (0.2 / number for number in range(1, 10))
    write_key = authority._write_key

    def write_slowly(*arguments: Any) -> None:
        write_key(*arguments)
        time.sleep(next(pauses))

    monkeypatch.setattr(authority, "_write_key", write_slowly)
    with ThreadPoolExecutor(4) as pool:
        started = [pool.submit(Authority(tmp_path / "ca").issue, "registry", NAMES) for _ in "1234"]
    ((certificate, key),) = {one.result() for one in started}
    context = ssl.create_default_context(cafile=str(tmp_path / "ca/ca.crt"))
    # Raises SSLError if the key belongs to another certificate.
    context.load_cert_chain(certificate, key)


def test_a_certificate_is_issued_once(tmp_path: Path) -> None:
    first, _ = Authority(tmp_path).issue("registry", NAMES)
    before = first.read_bytes()
    assert Authority(tmp_path).issue("registry", NAMES)[0].read_bytes() == before
