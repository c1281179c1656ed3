"""nginx's files as the benchmark changes them."""

import re

from rehearsal.bench import edge
from rehearsal.world.names import ROOT

ADDRESS, PUBLIC = "100.64.0.3", "198.51.100.12"


def test_the_api_listens_on_another_address_and_answers_itself() -> None:
    template = (ROOT / "nginx/vhosts/api.conf.template").read_text()
    text = edge.with_response(template.replace("${LISTEN_ADDRESS}", ADDRESS), PUBLIC)
    assert re.findall(r"listen (\S+) ssl;", text) == [f"{ADDRESS}:443", f"{PUBLIC}:443"]
    assert text.count(f"location = {edge.PATH} {{\n") == 1
    assert """return 200 '{"status":"healthy","role":"api"}\\n';\n""" in text
    assert text.count("{") == text.count("}")


def test_only_the_rates_of_the_limits_change() -> None:
    limits = (ROOT / "nginx/snippets/limits.conf").read_text()
    lifted = edge.without_rate_limit(limits)
    assert set(re.findall(r"rate=(\d+)r/s", lifted)) == {"1000000"}
    assert re.sub(r"rate=\d+", "", lifted) == re.sub(r"rate=\d+", "", limits)


def test_a_peers_name_is_replaced_in_its_upstream() -> None:
    template = (ROOT / "nginx/vhosts/web.conf.template").read_text()
    before = template.replace("${API_DOMAIN}", "api.example.org")
    after = edge.with_address(before, "api.example.org", PUBLIC)
    assert re.findall(r"^    server (198\S+);$", after, re.MULTILINE) == [f"{PUBLIC}:443"]
    assert edge.with_address(before, "api.example.com", PUBLIC) == before
