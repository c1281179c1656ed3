"""The comment on a pull request."""

from fks_infra.clouds.github import COMMENT_LIMIT
from fks_infra.impact.impact import Action, Change, Effect
from fks_infra.impact.markdown import markdown, split
from tests.fks_infra.impact.examples import STOPPED, example

SOURCE = "base main (abc1234) and the work tree (def5678)"


def test_it_begins_with_the_verdict_and_has_the_tables() -> None:
    setting = Change(name="fks:plan.api", before=None, after="g6-standard-4")
    lines = markdown(example(STOPPED, settings=(setting,)), SOURCE).comment.splitlines()
    assert lines[0].startswith("**Changes with downtime: ")
    assert f"Stack `prod`, {SOURCE}." in lines
    assert (
        "| api | api-queue | stopped, then replaced, 10 s at most | all who use the API "
        "| mem&#95;limit 1m → 2m |"
    ) in lines
    assert "| web | everything | nothing |  |  |" in lines
    assert "| fks:plan.api | not set | g6-standard-4 |" in lines
    assert lines[-1] == "- A note."


def test_values_add_no_markup_and_no_mention() -> None:
    text = "a|b\n# $x$ @team <img src=x> `c` [d](https://e) **f** #1"
    comment = markdown(example(Effect(part=text, action=Action.ADDED)), SOURCE).comment
    (row,) = (line for line in comment.splitlines() if "img" in line)
    assert row.count("|") == 6
    for markup in ("@team", "<img", "`", "[d]", "**", " #1", "$x"):
        assert markup not in row


def test_a_short_text_is_the_whole_comment() -> None:
    found = split("a\n" * 10)
    assert (found.comment, found.rest) == ("a\n" * 10, "")


def test_a_long_text_is_cut_at_a_line_and_the_rest_is_counted() -> None:
    text = "".join(f"line {number}\n" for number in range(10_000))
    found = split(text)
    assert len(found.comment) <= COMMENT_LIMIT
    kept, _, note = found.comment.rpartition("\n\n")
    assert kept + "\n" + found.rest == text
    assert note == (
        f"*{len(found.rest.splitlines())} more lines are in the summary of the workflow's run.*\n"
    )
