"""nmap's output, parsed."""

from rehearsal.world.external_host import parse_scan

SCAN = """# Nmap 7.95 scan initiated
Host: 198.51.100.20 ()\tStatus: Up
Host: 198.51.100.20 ()\tPorts: 22/open/tcp//ssh///, 31337/open/tcp//Elite///\tIgnored: filtered
Host: 198.51.100.21 ()\tStatus: Up
Host: 198.51.100.22 ()\tPorts: 53/open|filtered/udp//domain///
# Nmap done at Mon: 3 IP addresses (3 hosts up) scanned in 30 seconds
"""


def test_only_open_tcp_ports_are_returned() -> None:
    assert parse_scan(SCAN) == {"198.51.100.20": [22, 31337], "198.51.100.22": []}
