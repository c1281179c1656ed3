"""nginx, on every server, in front of the roles it carries."""

from fks_infra.roles.images import NGINX
from fks_infra.roles.role import Service, Stack

EDGE = Stack(
    name="edge", services=(Service(name="edge", image=NGINX, memory=96, share=1, pids=128),)
)
