"""The files of the front end, which the edge serves itself."""

import threading
import time
from pathlib import Path

import pytest

from tests.nginx.builds import NEW, OLD, PNG, WEBP
from tests.nginx.conftest import Answer, Edge
from tests.nginx.rendered import ROLES, WEB, render

pytestmark = pytest.mark.world
IMMUTABLE = "public, max-age=31536000, immutable"
BROWSER = "image/avif,image/webp,image/png,*/*;q=0.8"


def get(edge: Edge, path: str, **headers: str) -> Answer:
    return edge.request(WEB, path, **headers)


def cache(answer: Answer) -> list[str] | None:
    return answer.headers.get_all("Cache-Control")


@pytest.mark.parametrize("path", ["/", "/portfolio", "/portfolio/BRK.B", "/index.html", "/assets"])
def test_a_route_is_the_page_and_is_checked_at_every_use(edge: Edge, path: str) -> None:
    answer = get(edge, path)
    assert (answer.status, answer.body) == (200, NEW["index.html"])
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert cache(answer) == ["no-cache"]
    assert answer.headers["Location"] is None


@pytest.mark.parametrize("path", ["/assets/app-new.js", "/static/js/main.new.js"])
def test_a_file_with_a_hash_never_changes(edge: Edge, path: str) -> None:
    answer = get(edge, path)
    assert (answer.status, answer.body) == (200, NEW[path[1:]])
    assert cache(answer) == [IMMUTABLE]


@pytest.mark.parametrize("name", ["assets/app-old.js", "assets/logo-old.png"])
def test_files_of_the_previous_build_are_served(edge: Edge, name: str) -> None:
    answer = get(edge, f"/{name}")
    assert (answer.status, answer.body) == (200, OLD[name])
    assert cache(answer) == [IMMUTABLE]


def test_only_files_with_a_hash_are_served_of_the_previous_build(edge: Edge) -> None:
    assert get(edge, "/only-old.txt").body == NEW["index.html"]


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone.js",
        "/assets/",
        "/static/gone",
        "/images/gone.png",
        "/fonts/a/gone.woff2",
        "/service-worker.js",
        "/registerSW.js",
        "/manifest.json",
        "/robots.txt",
        "/favicon.ico",
        "/.well-known/gone",
        "/.well-known/",
        "/.well-known",
        "/.env",
        "/a/.git/config",
        "/assets/.env",
        "/_fks/missing",
        "/assets/gone.png",
    ],
)
def test_a_missing_file_is_neither_the_page_nor_kept(edge: Edge, path: str) -> None:
    answer = get(edge, path)
    assert answer.status == 404
    assert cache(answer) is None
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("up", ["/..", "/%2e%2e"])
def test_no_path_leaves_the_build(edge: Edge, up: str) -> None:
    assert get(edge, f"/assets{up * 4}/etc/fks/tls/web.pem").status == 400
    assert get(edge, f"/assets{up}/index.html").body == NEW["index.html"]
    assert get(edge, "/assets../old/only-old.txt").body == NEW["index.html"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/sw.js", "application/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/.well-known/security.txt", "text/plain; charset=utf-8"),
    ],
)
def test_a_file_with_a_fixed_name_is_checked_at_every_use(edge: Edge, path: str, kind: str) -> None:
    answer = get(edge, path)
    assert (answer.status, answer.body) == (200, NEW[path[1:]])
    assert (cache(answer), answer.headers["Content-Type"]) == (["no-cache"], kind)


def test_a_module_is_a_script(edge: Edge) -> None:
    kind = get(edge, "/assets/module-new.mjs").headers["Content-Type"]
    assert kind == "application/javascript; charset=utf-8"


@pytest.mark.parametrize(
    "path", ["/assets", "/assets/js", "/static", "/.well-known", "/ws", "/auth/callback", "/api"]
)
def test_no_redirect_names_an_inner_scheme_port_or_host(edge: Edge, path: str) -> None:
    location = get(edge, path).headers["Location"]
    assert location is None or location == "/api/"


@pytest.mark.parametrize(
    ("path", "name"), [("/assets/app-new.js", "assets/app-new.js"), ("/trade", "index.html")]
)
def test_the_compressed_variant_is_served_as_it_is(edge: Edge, path: str, name: str) -> None:
    answer = get(edge, path, Accept_Encoding="gzip, br")
    assert answer.body == NEW[f"{name}.gz"]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers.get_all("Vary") == ["Accept-Encoding"]
    assert answer.headers["ETag"] != get(edge, path).headers["ETag"]


@pytest.mark.parametrize("path", ["/assets/logo-new.png", "/assets/logo-old.png", "/logo192.png"])
def test_webp_goes_to_clients_that_accept_it(edge: Edge, path: str) -> None:
    other, webp = get(edge, path, Accept="image/png"), get(edge, path, Accept=BROWSER)
    assert (other.body, other.headers["Content-Type"]) == (PNG, "image/png")
    assert (webp.body, webp.headers["Content-Type"]) == (WEBP, "image/webp")
    assert [one.headers.get_all("Vary") for one in (other, webp)] == [["Accept"], ["Accept"]]
    assert cache(other) == cache(webp)
    assert other.headers["ETag"] != webp.headers["ETag"]


def test_an_image_without_a_webp_is_served_as_it_is(edge: Edge) -> None:
    answer = get(edge, "/assets/photo-new.jpg", Accept=BROWSER)
    assert (answer.body, answer.headers["Content-Type"]) == (PNG, "image/jpeg")
    assert answer.headers.get_all("Vary") == ["Accept"]


@pytest.mark.parametrize("path", ["/assets/icon-new.svg", "/", "/api/x", "/api/x.png", "/health"])
def test_other_answers_do_not_depend_on_accept(edge: Edge, path: str) -> None:
    assert "Accept" not in (get(edge, path, Accept=BROWSER).headers.get_all("Vary") or [])


def test_an_unchanged_file_is_not_sent_again(edge: Edge) -> None:
    tag = get(edge, "/").headers["ETag"]
    answer = get(edge, "/", If_None_Match=tag)
    assert (answer.status, answer.body, cache(answer)) == (304, b"", ["no-cache"])


def test_the_api_sets_its_own_cache_control(edge: Edge) -> None:
    assert cache(get(edge, "/api/x")) == ["max-age=60"]


def test_the_login_redirect_gets_the_page_and_its_query_is_not_logged(edge: Edge) -> None:
    answer = get(edge, "/auth/callback?code=canary-code")
    assert (answer.status, answer.body) == (200, NEW["index.html"])
    assert cache(answer) == ["no-cache"]
    assert "canary-code" not in edge.log(answer)


def test_deep_health_needs_no_application(edge_without_applications: Edge) -> None:
    answer = get(edge_without_applications, "/health/deep")
    assert (answer.status, answer.json) == (200, {"status": "healthy", "service": "web"})


def switch(edge: Edge, configuration: Path, root: str, body: bytes) -> None:
    """Serve another build, as a deploy does, and wait until it is served."""
    render(configuration, *ROLES, WEB_ROOT=f"/srv/fks/web/{root}")
    code, output = edge.container.exec_run(
        ["nginx", "-c", "/etc/fks/nginx/nginx.conf", "-s", "reload"]
    )
    assert code == 0, output
    deadline = time.monotonic() + 20
    while get(edge, "/health/deep").status == 200 and get(edge, "/").body != body:
        assert time.monotonic() < deadline, "the new build is not served after 20 s"


def test_deep_health_is_red_without_the_files(edge: Edge, configuration: Path) -> None:
    switch(edge, configuration, "gone", b"")
    try:
        answer = edge.wait_for_status(WEB, "/health/deep", 503)
        assert (answer.json["status"], answer.json["reason"]) == ("unhealthy", "no index.html")
    finally:
        switch(edge, configuration, "new", NEW["index.html"])
        edge.wait_for_status(WEB, "/health/deep", 200)


def test_a_switch_fails_no_request(edge: Edge, configuration: Path) -> None:
    statuses: list[int] = []
    done = threading.Event()

    def wait_for(count: int) -> None:
        deadline = time.monotonic() + 60
        while len(statuses) < count:
            assert thread.is_alive(), "the load ended with an error"
            assert time.monotonic() < deadline, f"{len(statuses)} answers in 60 s"
            time.sleep(0.01)

    def load() -> None:
        while not done.wait(0.03):
            statuses.extend(get(edge, path).status for path in ("/", "/assets/app-old.js"))

    thread = threading.Thread(target=load)
    thread.start()
    try:
        wait_for(4)
        for build, files in (("old", OLD), ("new", NEW)):
            switch(edge, configuration, build, files["index.html"])
            wait_for(len(statuses) + 4)
    finally:
        done.set()
        thread.join()
    assert set(statuses) == {200}
