from host.fks_deploy.watch.history import Entry, History, News
from host.fks_deploy.watch.message import Message
from tests.host.watch.server import NOON

CPU = Entry("CPU is at 63 %, limit 50 %", "sudo docker stats --no-stream", NOON - 600, NOON)
DISK = Entry("disk / is at 91 %, limit 90 %", "du", NOON - 7200, NOON - 240, alerted=True)
MESSAGE = Message("fks-auth-7", NOON, (CPU,), (DISK,), ("container api was restarted",))

TEXT = """\
fks-auth-7: 1 problem(s), 1 recovered, 1 event(s)
PROBLEM since 2027-01-15T07:50:00Z: CPU is at 63 %, limit 50 %
next: `sudo docker stats --no-stream`
RECOVERED, from 2027-01-15T06:00:00Z to 2027-01-15T07:56:00Z: disk / is at 91 %, limit 90 %
EVENT: container api was restarted"""


def test_plain_json_has_host_problem_since_and_command() -> None:
    assert MESSAGE.json() == {
        "server": "fks-auth-7",
        "time": "2027-01-15T08:00:00Z",
        "text": TEXT,
        "problems": [
            {
                "problem": "CPU is at 63 %, limit 50 %",
                "since": "2027-01-15T07:50:00Z",
                "command": "sudo docker stats --no-stream",
            }
        ],
        "recovered": [
            {
                "problem": "disk / is at 91 %, limit 90 %",
                "since": "2027-01-15T06:00:00Z",
                "until": "2027-01-15T07:56:00Z",
            }
        ],
        "events": ["container api was restarted"],
    }


def test_discord_gets_the_same_text_as_an_embed_that_mentions_nobody() -> None:
    title, _, description = TEXT.partition("\n")
    assert MESSAGE.discord() == {
        "embeds": [{"title": title, "description": description, "color": 0xE74C3C}],
        "allowed_mentions": {"parse": []},
    }


def test_the_color_of_a_recovery_and_of_an_event() -> None:
    recovery, event = Message("a", NOON, over=(DISK,)), Message("a", NOON, events=("x",))
    colors = [one.discord()["embeds"][0]["color"] for one in (recovery, event)]
    assert colors == [0x2ECC71, 0xF1C40F]


def test_discords_limits_are_kept() -> None:
    (embed,) = Message("a", NOON, events=("x" * 5000,)).discord()["embeds"]
    assert len(embed["description"]) == 4096


def test_a_message_is_made_of_the_news() -> None:
    history = History({"cpu": CPU, "disk": DISK, "other": CPU})
    made = Message.of("fks-auth-7", history, News(("cpu",), ("disk",), MESSAGE.events), NOON)
    assert made == MESSAGE
