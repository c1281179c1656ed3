"""Each drill of the page is played, and its placeholders have texts."""

import re

import pytest

from fks_infra.recovery.drills import PAGE, drills
from rehearsal.drills.loss import Loss
from rehearsal.drills.losses import LOSSES
from rehearsal.drills.run import commands


def test_each_section_of_the_page_has_a_drill() -> None:
    titles = [one.title for one in drills(PAGE.read_text())]
    assert [one.title for one in LOSSES] == titles


@pytest.mark.parametrize("loss", LOSSES, ids=lambda one: one.name)
def test_every_placeholder_has_a_text(loss: Loss) -> None:
    words = {word for line in commands(loss) for word in re.findall(r"\b[A-Z]{3,}\b", line)}
    assert words == {*loss.fill, *loss.late}
