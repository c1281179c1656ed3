"""The stand-ins answer every recorded call of the real plugins as their plugins accepted it."""

import sys

import pytest

from tests.rehearsal.clouds.replay import MODELLED, CloudReplay, scenarios

# Where the recorder's stand-in accepted what the real API and ours reject.
STRICTER = {
    "instance_bad_user_data": "user data that is not base64",
    "instance_change_firewall_id": "a firewall that does not exist",
    "dns_record_change_type": "a CNAME beside an A record of the same name",
}
# Inputs that the program does not use -> what the stand-in's first error names.
UNMODELLED = {
    "instance_no_image": "not modelled: an instance without an image",
    "instance_change_backups": "POST /v4/linode/instances/1001/backups/enable",
    "instance_change_private_ip_on": "POST /v4/linode/instances/1001/ips",
    "instance_change_watchdog": "not modelled: watchdog_enabled",
    "instance_change_swap_size": "/resize",
    "instance_change_stackscript_id": "not modelled: stackscript_",
    "instance_change_stackscript_data": "not modelled: stackscript_",
    "instance_change_interfaces": "not modelled: interfaces",
    "firewall_change_disabled": "not modelled: status",
    "firewall_change_icmp": "not modelled: protocol ICMP",
    "firewall_linodes": "not modelled: devices",
    "firewall_device": "POST /v4/networking/firewalls/1001/devices",
    "firewall_device_changes": "POST /v4/networking/firewalls/1001/devices",
    "dns_record_txt_mx_caa": "not modelled: MX records",
}


@pytest.mark.parametrize("cloud", sorted(MODELLED))
def test_the_stand_in_answers_every_recorded_call(
    cloud: str, capsys: pytest.CaptureFixture[str]
) -> None:
    total = same = 0
    problems: list[str] = []
    for name, calls in scenarios(cloud):
        if name in UNMODELLED:
            continue
        replay = CloudReplay(cloud)
        for call in calls:
            total += 1
            wrong = replay.send(call)
            same += not wrong
            if wrong and name not in STRICTER:
                problems.append(f"{name}: {call['method']} {call['path']}: {'; '.join(wrong)}")
        assert not replay.clients.clouds.journal.unknown(), name
    with capsys.disabled():
        sys.stdout.write(f"\n{cloud}: {same}/{total} recorded calls replayed\n")
    assert not problems, "\n".join(problems)
    assert total > 0


@pytest.mark.parametrize("name", UNMODELLED)
def test_an_unmodelled_input_is_rejected_by_name(name: str) -> None:
    cloud = "cloudflare" if name.startswith("dns_") else "linode"
    replay = CloudReplay(cloud)
    for call in dict(scenarios(cloud))[name]:
        problems = replay.send(call)
        if replay.clients.clouds.journal.unknown():
            assert UNMODELLED[name] in problems[0]
            return
    pytest.fail(f"the stand-in accepted all calls of {name}")
