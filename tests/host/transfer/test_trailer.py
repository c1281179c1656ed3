"""Streams that end with their checksum."""

import hashlib
import io

import pytest

from host.fks_deploy.errors import DeployError
from host.fks_deploy.transfer import trailer

CONTENT = bytes(range(256)) * 5000


def with_trailer(content: bytes) -> bytes:
    return content + hashlib.sha256(content).hexdigest().encode()


@pytest.mark.parametrize("content", [b"", b"x", CONTENT])
def test_all_but_the_checksum_is_handed_on(content: bytes) -> None:
    found = io.BytesIO()
    assert trailer.copy(io.BytesIO(with_trailer(content)), found.write, "it") == len(content)
    assert found.getvalue() == content


@pytest.mark.parametrize(
    "stream",
    [b"", CONTENT, with_trailer(CONTENT)[:-1], b"x" + with_trailer(CONTENT), b"0" * 64],
)
def test_a_stream_that_is_cut_or_changed_is_an_error(stream: bytes) -> None:
    with pytest.raises(DeployError, match="it did not arrive whole"):
        trailer.copy(io.BytesIO(stream), io.BytesIO().write, "it")
