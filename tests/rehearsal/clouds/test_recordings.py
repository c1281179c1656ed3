"""Every call the real plugins were recorded to make is answered as their plugins accepted it."""

import sys

import pytest

from tests.rehearsal.clouds.replay import OURS, Replay, load, scenarios

# Where the recorder's stand-in was laxer than the real API is known to be, and so than ours.
STRICTER = {
    "instance_bad_user_data": "user data that is not base64 is refused",
    "instance_change_firewall_id": "a firewall that does not exist is refused",
    "firewall_device_changes": "an instance that does not exist is refused",
    "dns_record_change_type": "a CNAME beside an A record of the same name is refused",
}


@pytest.mark.parametrize("cloud", sorted(OURS))
def test_the_stand_in_answers_every_recorded_call(
    cloud: str, capsys: pytest.CaptureFixture[str]
) -> None:
    load(cloud)
    total = same = 0
    problems: list[str] = []
    for name, steps in scenarios(cloud):
        replay = Replay(cloud)
        for call in (call for step in steps for call in step):
            total += 1
            wrong = replay.send(call)
            same += not wrong
            if wrong and name not in STRICTER:
                problems.append(f"{name}: {call['method']} {call['path']}: {'; '.join(wrong)}")
        assert not replay.desk.clouds.journal.unknown(), name
    with capsys.disabled():
        sys.stdout.write(f"\n{cloud}: {same}/{total} recorded calls replayed\n")
    assert not problems, "\n".join(problems)
    assert total > 0
