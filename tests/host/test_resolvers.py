"""The name servers of resolv.conf as nginx takes them."""

from pathlib import Path

import pytest

from host.fks_deploy import resolvers
from host.fks_deploy.errors import DeployError


def test_every_name_server_is_read_in_order(tmp_path: Path) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text(
        "# generated\nsearch example.org\noptions edns0\nnameserver 192.0.2.7\n"
        "nameserver\t2001:db8::53 # second\nnameserver fe80::1%eth0\nnameserver none\nnameserver\n"
    )
    assert resolvers.read(file) == ["192.0.2.7", "[2001:db8::53]"]


@pytest.mark.parametrize("text", [None, "", "search example.org\n", "nameserver fe80::1%eth0\n"])
def test_no_name_server_is_an_error_with_the_line_to_write(
    tmp_path: Path, text: str | None
) -> None:
    file = tmp_path / "resolv.conf"
    if text is not None:
        file.write_text(text)
    with pytest.raises(DeployError, match="write a line as 'nameserver 192"):
        resolvers.read(file)
