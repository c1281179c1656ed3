"""A stand-in of GitHub's API for one repository: comments, issues, pull requests, files, settings.

It answers what https://docs.github.com/en/rest describes, 404 to everything else.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fks_infra.clouds.github import GitHub
from tests.background_server import running

REPOSITORY = "fks/infra"
TOKEN = "ghs_canary0123456789"
BOT = {"login": "github-actions[bot]", "type": "Bot"}
Answer = tuple[int, Any]


@dataclass
class Fault:
    """The answer to the next request of this method; `stored` applies the request before it."""

    method: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = field(default_factory=lambda: {"message": "a fault of the test"})
    stored: bool = False


@dataclass
class GitHubStandIn:
    """`requests` are (method, path below the repository, body)."""

    base: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    issues: list[dict[str, Any]] = field(default_factory=list)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    refs: dict[str, str] = field(default_factory=lambda: {"main": "a" * 40})
    files: dict[tuple[str, str], str] = field(default_factory=dict)
    environments: dict[str, dict[str, Any]] = field(default_factory=dict)
    branches: dict[str, list[str]] = field(default_factory=dict)
    variables: dict[tuple[str, str], str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    requests: list[tuple[str, str, Any]] = field(default_factory=list)

    def client(self) -> GitHub:
        return GitHub(repository=REPOSITORY, token=TOKEN, base_url=self.base)

    def environ(self) -> dict[str, str]:
        """The variables of a workflow's job."""
        return {
            "GITHUB_API_URL": self.base,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_TOKEN": TOKEN,
        }

    def writes(self) -> list[tuple[str, str]]:
        """The methods and paths of all requests but GET."""
        return [(method, path) for method, path, _ in self.requests if method != "GET"]

    def answer(self, method: str, target: str, body: Any) -> tuple[Answer, Mapping[str, str]]:
        parts = urlsplit(target)
        path = parts.path.removeprefix(f"/repos/{REPOSITORY}")
        self.requests.append((method, path, body))
        fault = next((one for one in self.faults if one.method == method), None)
        if fault:
            self.faults.remove(fault)
            if fault.stored:
                self._route(method, path, parse_qs(parts.query), body)
            return (fault.status, fault.body), fault.headers
        return self._route(method, path, parse_qs(parts.query), body), {}

    def _route(self, method: str, path: str, query: Mapping[str, Any], body: Any) -> Answer:
        for pattern, route in ROUTES:
            if found := re.fullmatch(pattern, f"{method} {path}"):
                return route(self, found.groups(), query, body)
        return 404, {"message": "Not Found"}


def page(rows: list[Any], query: Mapping[str, Any]) -> Answer:
    size, number = int(query["per_page"][0]), int(query["page"][0])
    return 200, rows[size * (number - 1) : size * number]


def create(rows: list[dict[str, Any]], kind: str, **values: Any) -> Answer:
    number = len(rows) + 1
    url = f"https://github.example/{kind}/{number}"
    rows.append({"id": number, "number": number, "html_url": url, "user": BOT, **values})
    return 201, rows[-1]


def edit(rows: list[dict[str, Any]], number: str, body: Mapping[str, Any]) -> Answer:
    row = next(row for row in rows if row["number"] == int(number))
    row.update(body)
    return 200, row


def list_comments(on: GitHubStandIn, path: Any, query: Any, _: Any) -> Answer:
    return page([row for row in on.comments if row["on"] == int(path[0])], query)


def create_comment(on: GitHubStandIn, path: Any, _: Any, body: Any) -> Answer:
    return create(on.comments, "comment", on=int(path[0]), body=body["body"])


def list_issues(on: GitHubStandIn, _: Any, query: Any, __: Any) -> Answer:
    rows = [row for row in on.issues if row["state"] == query["state"][0]]
    return page(rows, query)


def list_pulls(on: GitHubStandIn, _: Any, query: Any, __: Any) -> Answer:
    branch = query["head"][0].rpartition(":")[2]
    return page([row for row in on.pulls if row["head"]["ref"] == branch], query)


def create_pull(on: GitHubStandIn, _: Any, __: Any, body: Any) -> Answer:
    values = {**body, "head": {"ref": body["head"], "sha": on.refs[body["head"]]}, "state": "open"}
    return create(on.pulls, "pull", **values)


def read_pull(on: GitHubStandIn, path: Any, _: Any, __: Any) -> Answer:
    return 200, next(row for row in on.pulls if row["number"] == int(path[0]))


def read_ref(on: GitHubStandIn, path: Any, _: Any, __: Any) -> Answer:
    if path[0] not in on.refs:
        return 404, {"message": "Not Found"}
    return 200, {"object": {"sha": on.refs[path[0]]}}


def create_ref(on: GitHubStandIn, _: Any, __: Any, body: Any) -> Answer:
    name = body["ref"].removeprefix("refs/heads/")
    if name in on.refs:
        return 422, {"message": "Reference already exists"}
    on.refs[name] = body["sha"]
    main = {path: text for (branch, path), text in on.files.items() if branch == "main"}
    on.files |= {(name, path): text for path, text in main.items()}
    return 201, {}


def move_ref(on: GitHubStandIn, path: Any, _: Any, body: Any) -> Answer:
    on.refs[path[0]] = body["sha"]
    for (branch, file), text in list(on.files.items()):
        if branch == "main":
            on.files[path[0], file] = text
    return 200, {}


def blob(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def read_file(on: GitHubStandIn, path: Any, query: Any, _: Any) -> Answer:
    key = (query["ref"][0] if "ref" in query else "main", path[0])
    if key not in on.files:
        return 404, {"message": "Not Found"}
    text = on.files[key]
    return 200, {"sha": blob(text), "content": base64.encodebytes(text.encode()).decode()}


def write_file(on: GitHubStandIn, path: Any, _: Any, body: Any) -> Answer:
    key = (body["branch"], path[0])
    if key in on.files and body.get("sha") != blob(on.files[key]):
        return 409, {"message": f"{path[0]} does not match"}
    on.files[key] = base64.b64decode(body["content"]).decode()
    return 200, {"commit": {"sha": blob(body["message"])}}


def put_environment(on: GitHubStandIn, path: Any, _: Any, body: Any) -> Answer:
    on.environments[path[0]] = body
    return 200, {"name": path[0]}


def list_policies(on: GitHubStandIn, path: Any, _: Any, __: Any) -> Answer:
    rows = [{"name": name} for name in on.branches.get(path[0], [])]
    return 200, {"total_count": len(rows), "branch_policies": rows}


def create_policy(on: GitHubStandIn, path: Any, _: Any, body: Any) -> Answer:
    on.branches.setdefault(path[0], []).append(body["name"])
    return 200, body


def read_variable(on: GitHubStandIn, path: Any, _: Any, __: Any) -> Answer:
    if tuple(path) not in on.variables:
        return 404, {"message": "Not Found"}
    return 200, {"name": path[1], "value": on.variables[tuple(path)]}


def set_variable(on: GitHubStandIn, path: Any, _: Any, body: Any) -> Answer:
    on.variables[path[0], body["name"]] = body["value"]
    return 201, {}


Route = Callable[[GitHubStandIn, Any, Mapping[str, Any], Any], Answer]
ROUTES: tuple[tuple[str, Route], ...] = (
    (r"GET /issues/(\d+)/comments", list_comments),
    (r"POST /issues/(\d+)/comments", create_comment),
    (r"PATCH /issues/comments/(\d+)", lambda on, path, _, body: edit(on.comments, path[0], body)),
    (r"GET /issues", list_issues),
    (r"POST /issues", lambda on, _, __, body: create(on.issues, "issue", state="open", **body)),
    (r"PATCH /issues/(\d+)", lambda on, path, _, body: edit(on.issues, path[0], body)),
    (r"GET /pulls", list_pulls),
    (r"POST /pulls", create_pull),
    (r"GET /pulls/(\d+)", read_pull),
    (r"PATCH /pulls/(\d+)", lambda on, path, _, body: edit(on.pulls, path[0], body)),
    (r"GET /git/ref/heads/(.+)", read_ref),
    (r"POST /git/refs", create_ref),
    (r"PATCH /git/refs/heads/(.+)", move_ref),
    (r"GET /contents/(.+)", read_file),
    (r"PUT /contents/(.+)", write_file),
    (r"PUT /environments/([\w-]+)", put_environment),
    (r"GET /environments/([\w-]+)/deployment-branch-policies", list_policies),
    (r"POST /environments/([\w-]+)/deployment-branch-policies", create_policy),
    (r"GET /environments/([\w-]+)/variables/(\w+)", read_variable),
    (r"POST /environments/([\w-]+)/variables", set_variable),
    (r"PATCH /environments/([\w-]+)/variables/\w+", set_variable),
)


@contextmanager
def serving() -> Iterator[GitHubStandIn]:
    """Serve on loopback until the block ends."""
    state = GitHubStandIn()

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            sent = json.loads(self.rfile.read(length)) if length else None
            if self.headers["Authorization"] == f"Bearer {TOKEN}":
                (status, body), headers = state.answer(self.command, self.path, sent)
            else:
                status, body, headers = 401, {"message": "Bad credentials"}, {}
            text = body if isinstance(body, str) else json.dumps(body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = respond  # noqa: N815 (the server's names)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: `requests` has them."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.base = f"http://127.0.0.1:{server.server_address[1]}"
    with running(server):
        yield state
