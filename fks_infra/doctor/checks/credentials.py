"""Are the credentials in the environment, and whole?"""

from collections.abc import Iterator

from fks_infra.clouds.credentials import CREDENTIALS, flaw, is_broken, repair
from fks_infra.config.config_errors import missing_tokens
from fks_infra.doctor.check_context import Case
from fks_infra.doctor.findings import Seen, ok, problem


def tokens(case: Case) -> Iterator[Seen]:
    """What the program refuses to start without; a line break would come from a copied file."""
    wrong = 0
    for text in missing_tokens(case.environ):
        wrong += 1
        names = [name for name in CREDENTIALS if name in text.partition(" is not ")[0]]
        yield problem(text, " ".join(["export", *(f"{name}=..." for name in names)]))
    for name in CREDENTIALS:
        if is_broken(case.environ.get(name, "")):
            wrong += 1
            yield problem(flaw(name), repair(name))
    if not wrong:
        yield ok("every provider finds its credentials in the environment")
