"""Which tools are real, as the installer reports them."""

import json

from rehearsal.world.toolchain import Tool, engine_tool, parse_installed

PATH = "/home/plugins/resource-linode-v6.8.0/pulumi-resource-linode"
ROWS = [
    {"provider": "linode", "version": "6.8.0", "kind": "real", "path": PATH, "note": ""},
    {"provider": "random", "version": "4.21.4", "kind": "stand-in", "path": "/r", "note": "old"},
    {"provider": "pulumi-language-python", "version": "", "kind": "stand-in", "path": "/bin/p"},
]


def test_every_row_of_the_installer_is_a_tool() -> None:
    linode, random, host = parse_installed(json.dumps(ROWS))
    assert linode == Tool("linode", "6.8.0", "real", PATH)
    assert random.kind == "stand-in"
    assert (host.name, host.version) == ("pulumi-language-python", "")


def test_a_line_shows_name_version_kind_and_note() -> None:
    lines = [str(tool) for tool in parse_installed(json.dumps(ROWS))]
    assert lines == [
        "linode 6.8.0: real",
        "random 4.21.4: stand-in (old)",
        "pulumi-language-python: stand-in",
    ]


def test_the_engine_is_real() -> None:
    assert str(engine_tool("/usr/bin/pulumi", "v3.259.0\n")) == "pulumi 3.259.0: real"
