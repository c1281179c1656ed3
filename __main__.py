"""FKS Trading's infrastructure: settings, topology, resources, exports."""

import os

import pulumi

from fks_infra.clouds.linode import Linode
from fks_infra.config import settings as configuration
from fks_infra.declare import declare
from fks_infra.exports import exports
from fks_infra.interrupt import exit_on_interrupt
from fks_infra.preflight.plan_list import read_plans
from fks_infra.topology.planning import plan_topology

exit_on_interrupt()
settings, credentials = configuration.load()
topology = plan_topology(settings, read_plans(Linode.from_environ(os.environ), settings))
declared = declare(topology, settings, credentials)
for name, value in exports(topology, settings, declared).items():
    pulumi.export(name, value)
