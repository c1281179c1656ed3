"""The edge's own files as the bench changes them."""

import re

from host.fks_deploy.peers import upstream
from rehearsal.bench import edge
from rehearsal.world.names import ROOT

ADDRESS, PUBLIC = "100.64.0.3", "198.51.100.12"


def test_the_api_listens_on_one_more_address_and_answers_by_itself() -> None:
    template = (ROOT / "nginx/vhosts/api.conf.template").read_text()
    text = edge.with_response(template.replace("${LISTEN_ADDRESS}", ADDRESS), PUBLIC)
    assert re.findall(r"listen (\S+) ssl;", text) == [f"{ADDRESS}:443", f"{PUBLIC}:443"]
    assert text.count(f"location = {edge.PATH} {{\n") == 1
    assert """return 200 '{"status":"healthy","role":"api"}\\n';\n""" in text
    assert text.count("{") == text.count("}")


def test_the_limits_are_lifted_and_stay_as_they_are_otherwise() -> None:
    limits = (ROOT / "nginx/snippets/limits.conf").read_text()
    lifted = edge.without_rate_limit(limits)
    assert set(re.findall(r"rate=(\d+)r/s", lifted)) == {"1000000"}
    assert re.sub(r"rate=\d+", "", lifted) == re.sub(r"rate=\d+", "", limits)


def test_a_peer_is_moved_in_what_the_host_writes() -> None:
    before = upstream("api", "api.example.org", [ADDRESS])
    after = upstream("api", "api.example.org", [PUBLIC])
    assert edge.with_address(before, ADDRESS, PUBLIC) == after
    assert edge.with_address(before, "100.64.0.33", PUBLIC) == before
