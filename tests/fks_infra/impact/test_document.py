"""The JSON document."""

import json

from fks_infra.impact.document import document
from fks_infra.impact.impact import Change
from tests.fks_infra.impact.examples import STOPPED, example


def test_its_shape() -> None:
    setting = Change(name="fks:plan.api", before=None, after="g6-standard-4")
    found = json.loads(document(example(STOPPED, settings=(setting,)), "a and b"))
    assert (found["stack"], found["source"], found["exit_code"]) == ("prod", "a and b", 11)
    assert found["verdict"].startswith("Changes with downtime")
    assert found["servers"]["web"] == {"effects": [], "unchanged": ["edge"]}
    assert found["servers"]["api"]["effects"] == [
        {
            "part": "api-queue",
            "action": "stopped, then replaced",
            "detail": "mem_limit 1m → 2m",
            "seconds": 10,
            "notices": "all who use the API",
            "data": [],
            "refused": "",
            "away": "10 s at most",
            "exit_code": 11,
        }
    ]
    assert found["settings"] == [{"name": "fks:plan.api", "before": None, "after": "g6-standard-4"}]
    assert found["dollars"] == {"before": 34, "after": 34, "priced": "September 2026"}
    assert found["notes"] == ["A note."]
