"""The stand-ins answer every recorded call of the real plugins as their plugins accepted it."""

import sys

import pytest

from tests.rehearsal.clouds.replay import MODELLED, CloudReplay, scenarios

# Where the recorder's stand-in accepted what the real API and ours reject.
STRICTER = {
    "instance_bad_user_data": "user data that is not base64",
    "instance_change_firewall_id": "a firewall that does not exist",
}
# Inputs that the program does not use -> what the stand-in's first error names.
UNMODELLED = {
    "firewall_change_icmp": "not modelled: protocol ICMP",
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
    replay = CloudReplay("linode")
    for call in dict(scenarios("linode"))[name]:
        problems = replay.send(call)
        if replay.clients.clouds.journal.unknown():
            assert UNMODELLED[name] in problems[0]
            return
    pytest.fail(f"the stand-in accepted all calls of {name}")
