"""The documents name files, commands, checks and terms that exist."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from fks_infra.paths import PROJECT_ROOT

# The changelog also names files of earlier versions.
PAGES = sorted(
    {*PROJECT_ROOT.glob("*.md"), *(PROJECT_ROOT / "docs").rglob("*.md")}
    - {PROJECT_ROOT / "CHANGELOG.md"}
)
CONTRIBUTING = (PROJECT_ROOT / "CONTRIBUTING.md").read_text()
RECIPES = CONTRIBUTING.partition("\n## Recipes\n")[2].partition("\n## ")[0]
GLOSSARY = (PROJECT_ROOT / "docs" / "glossary.md").read_text()
LINK = re.compile(r"\]\(([^)#\s]+)?(#[^)\s]+)?\)")
CODE = re.compile(r"`([^`\n]+)`")
# Beginnings that make a text in backticks a path of the checkout.
FOLDERS = ("compose/", "docs/", "fks_infra/", "host/", "nginx/", "rehearsal/", "tests/", "tools/")


def files() -> list[str]:
    """The files of the checkout, new ones included."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.splitlines() if (PROJECT_ROOT / name).exists()]


FILES = files()


def exists(path: str) -> bool:
    """Whether a path is there; ROLE, NAME and CLOUD stand for any name."""
    return any(PROJECT_ROOT.glob(re.sub("ROLE|NAME|CLOUD", "*", path).rstrip("/")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_heading(page: Path) -> None:
    for target, anchor in LINK.findall(page.read_text()):
        if target.startswith("http"):
            continue
        linked = (page.parent / target).resolve() if target else page
        assert linked.exists(), target
        if anchor:
            assert anchor[1:] in headings(linked), f"{target}{anchor}"


def headings(page: Path) -> set[str]:
    """The anchors that GitHub makes of the headings."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_is_named_exists(page: Path) -> None:
    written = re.sub(r"<!-- begin .*?<!-- end ", "", page.read_text(), flags=re.DOTALL)
    for text in CODE.findall(written):
        named = text.startswith(FOLDERS) and " " not in text and text != "tests/a/b/test_c.py"
        # test_docs_faults.py looks for those of a test.
        if named and "::" not in text:
            assert exists(text), text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (PROJECT_ROOT / "Makefile").read_text(), re.MULTILINE)
    for target in re.findall(r"`make ([a-z-]+)", page.read_text()):
        assert target in targets, target


def recipe_files() -> Iterator[tuple[str, list[str]]]:
    """Each recipe's title, and the files of its list."""
    for recipe in RECIPES.split("\n### ")[1:]:
        yield recipe.splitlines()[0], re.findall(r"^- `([^`]+)`", recipe, re.MULTILINE)


def carried_out() -> list[set[str]]:
    """The files that each test of tests/test_recipes.py adds or changes, in its order."""
    tree = ast.parse((PROJECT_ROOT / "tests" / "test_recipes.py").read_text())
    tests = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    return [
        {
            call.args[0].value
            for call in ast.walk(test)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in ("write", "insert")
            and isinstance(call.args[0], ast.Constant)
            and isinstance(call.args[0].value, str)
        }
        for test in tests
    ]


def test_the_first_recipes_are_those_that_are_carried_out() -> None:
    written = [paths for _, paths in recipe_files()]
    for paths, changed in zip(written, carried_out(), strict=False):
        patterns = [re.escape(path).replace("ROLE", r"[\w-]+") for path in paths]
        assert len(changed) == len(patterns)
        for pattern in patterns:
            assert any(re.fullmatch(pattern, file) for file in changed), (pattern, changed)
    assert len(carried_out()) == 4


@pytest.mark.parametrize(("title", "paths"), list(recipe_files()), ids=lambda value: str(value))
def test_every_recipe_has_files_that_exist(title: str, paths: list[str]) -> None:
    assert title.startswith("Add a")
    assert len(paths) >= 2
    for path in paths:
        assert exists(path), path


def test_the_table_of_changes_names_files_that_exist() -> None:
    rows = CONTRIBUTING.partition("## I want to change")[2].splitlines()[4:]
    assert len(rows) > 60
    for row in rows:
        what, _, named = row.strip("| ").partition(" | ")
        paths = [text for text in CODE.findall(named) if "/" in text or "." in text]
        assert paths or what.startswith("**"), row
        for path in paths:
            assert exists(path), path


@cache
def code() -> str:
    """The text of the program, the host's code and the rehearsal."""
    roots = ("fks_infra/", "host/", "rehearsal/", "compose/", "nginx/", "Pulumi.")
    return "\n".join(
        (PROJECT_ROOT / name).read_text(errors="replace")
        for name in FILES
        if name.startswith(roots) and not name.endswith(".md")
    )


def test_every_code_term_of_the_glossary_is_in_the_code() -> None:
    for text in CODE.findall(GLOSSARY.partition("| term |")[2]):
        known = exists(text) or re.search(rf"(?<!\w){re.escape(text.split('NAME')[0])}", code())
        assert known or text.startswith(("pulumi ", "fks ")), text


def test_the_glossary_is_in_alphabetical_order_with_one_sentence_each() -> None:
    rows = [row.strip("| ").split(" | ") for row in GLOSSARY.splitlines() if row.startswith("| ")]
    terms = [term for term, _ in rows[1:]]
    assert len(terms) >= 30
    assert terms == sorted(terms)
    for term, meaning in rows[1:]:
        assert meaning.endswith("."), term
        assert ". " not in meaning, term


def test_the_checks_of_the_rehearsal_are_those_that_are_documented() -> None:
    page = (PROJECT_ROOT / "docs" / "rehearsal.md").read_text()
    table = page.partition("| check | passes if |")[2].partition("\n\n")[0]
    documented = {name for row in table.splitlines() for name in CODE.findall(row.split(" | ")[0])}
    sources = [PROJECT_ROOT / "rehearsal/world/rehearse.py"]
    sources += sorted((PROJECT_ROOT / "rehearsal/world/checks").glob("*.py"))
    text = "\n".join(path.read_text() for path in sources)
    literal = set(re.findall(r'\b(?:Check|\.check|_check)\(\s*f?"([\w{}]+)"', text))
    assert {name for name in literal if "{" not in name} <= documented
    for name in documented:
        prefixes = ("health_", "tls_")
        assert name in text or name.startswith(prefixes), name


def test_the_layers_are_those_that_are_checked() -> None:
    from tests.fks_infra.test_layers import FORBIDDEN, LAYERS

    page = (PROJECT_ROOT / "docs" / "architecture.md").read_text()
    table = page.partition("| package | holds |")[2].partition("\n\n")[0]
    rows = [row.strip("|").split("|") for row in table.splitlines()[2:]]
    assert [row[0].strip(" `") for row in rows] == list(LAYERS)
    for name, _, forbidden in rows:
        listed = {text.strip() for text in forbidden.split(",")} - {""}
        assert listed == FORBIDDEN.get(name.strip(" `"), set()), name


RECORDS = sorted((PROJECT_ROOT / "docs" / "decisions").glob("*.md"))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_a_decision_can_be_read_alone(record: Path) -> None:
    title, _, status, *_ = record.read_text().splitlines()
    assert title.startswith(f"# {int(record.name[:4])}. ")
    assert re.fullmatch(
        r"Date: \d{4}-\d\d-\d\d\. Status: (accepted|superseded)(,? (super\w+ |by ).*)?\.", status
    )
    for heading in ("Context", "Decision", "Consequences"):
        assert f"\n## {heading}\n" in record.read_text()


def test_the_hooks_before_a_commit_are_those_of_make_check() -> None:
    hooks = (PROJECT_ROOT / ".pre-commit-config.yaml").read_text()
    linters = (PROJECT_ROOT / "rehearsal" / "lint.py").read_text()
    for name in re.findall(r'^        "([a-z -]+)": \[', linters, re.MULTILINE):
        assert f"name: {name}\n" in hooks, name
