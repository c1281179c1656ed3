from pathlib import Path

import pytest

from host.fks_deploy.backup import data_set
from host.fks_deploy.errors import InputError
from host.fks_deploy.paths import Paths


def server(root: Path, roles: str) -> Paths:
    paths = Paths(root)
    paths.role.parent.mkdir(parents=True)
    paths.role.write_text(f"SERVER=single\nROLES={roles}\n")
    return paths


@pytest.mark.parametrize(
    ("roles", "names"), [("auth,api,web", ["auth", "api"]), ("web", []), ("api", ["api"])]
)
def test_a_server_has_the_data_sets_of_its_roles(
    tmp_path: Path, roles: str, names: list[str]
) -> None:
    paths = server(tmp_path, roles)
    assert [one.name for one in data_set.chosen(paths, [])] == names


def test_some_can_be_chosen(tmp_path: Path) -> None:
    paths = server(tmp_path, "auth,api")
    assert [one.name for one in data_set.chosen(paths, ["api"])] == ["api"]
    with pytest.raises(InputError, match="there is no data set web here"):
        data_set.chosen(paths, ["web"])


def test_dumps_belong_to_the_data_set_of_their_database(tmp_path: Path) -> None:
    paths = server(tmp_path, "auth,api")
    paths.dumps.mkdir(parents=True)
    names = ("app-data-20260102T000000Z", "app-data-20260101T000000Z", "authentik-20260101T000000Z")
    (paths.dumps / "foreign_api-20260103T000000Z.dump").touch()
    for name in names:
        (paths.dumps / f"{name}.dump").touch()
    found = {name: data_set.dumps(paths, one) for name, one in data_set.SETS.items()}
    assert [file.stem for file in found["auth"]] == [names[2]]
    assert [file.stem for file in found["api"]] == [names[1], names[0]]
