"""FKS Trading's infrastructure: settings, topology, resources, exports."""

import pulumi

from fks_infra.config import settings as configuration
from fks_infra.declare import declare
from fks_infra.exports import exports
from fks_infra.interrupt import exit_on_interrupt
from fks_infra.topology.planning import plan_topology

exit_on_interrupt()
settings, credentials = configuration.load()
topology = plan_topology(settings)
declared = declare(topology, settings, credentials)
for name, value in exports(topology, settings, declared).items():
    pulumi.export(name, value)
