"""The order of the resources of one server."""

# The server whose names are in CHAIN.
SERVER = "web"
# A resource of the server `web` and one that depends on it; the names are those in Pulumi.
CHAIN: tuple[tuple[str, str], ...] = (
    ("web-machine-firewall", "web-machine-instance"),
    ("web-machine-tailnet-key", "web-machine-instance"),
    ("web-machine-instance", "web-join-wait"),
    ("web-join-wait", "web-bootstrap-scripts"),
    ("web-bootstrap-scripts", "web-bootstrap-run"),
    ("web-join-wait", "web-stack-release"),
    ("web-join-wait", "dns-web"),
    ("web-bootstrap-run", "web-stack-deploy"),
    ("web-stack-release", "web-stack-deploy"),
    ("dns-web", "web-stack-deploy"),
    ("dns-api", "web-stack-deploy"),
    ("web-stack-deploy", "verify-step"),
)
