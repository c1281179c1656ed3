"""The React front end, and the way from it to the API and to single sign-on."""

from fks_infra.roles.images import FKS
from fks_infra.roles.role import Proxy, Role, StaticBuild, Thresholds

ROLE = Role(
    name="web",
    label="",
    thresholds=Thresholds(cpu=40, memory=60),
    plan="g6-nanode-1",
    application="the front end",
    calls=("api", "auth"),
    proxies=(Proxy(target="api", health_path="/api/health"),),
    services=(),
    build=StaticBuild(name="web", image=f"{FKS}:web-latest"),
)
