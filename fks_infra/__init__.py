"""The FKS infrastructure program: settings, topology, components, and the operator's CLI."""
