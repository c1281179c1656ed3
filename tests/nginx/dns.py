"""A name server for the tests of the edge, on port 53 of 127.0.0.1 or of another address:
`dns.py FILE [ADDRESS]`. Runs in a container that shares the edge's network, or on a server of the
rehearsal; standard library only.

FILE has the answer to every question: an IPv4 address, NXDOMAIN, SERVFAIL, or SILENT for none. Each
question is logged as a line with that answer.
"""

import socket
import struct
import sys
from pathlib import Path

HEADER = struct.Struct(">HHHHHH")
CODES = {"NXDOMAIN": 3, "SERVFAIL": 2}
# A, class IN, pointing at the question's name, with a TTL of an hour.
RECORD = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 3600, 4)


def answer(query: bytes, what: str) -> bytes:
    """The response to a query of one question."""
    number, *_ = HEADER.unpack_from(query)
    end = query.index(b"\0", HEADER.size) + 5
    question = query[HEADER.size : end]
    if what in CODES:
        return HEADER.pack(number, 0x8180 | CODES[what], 1, 0, 0, 0) + question
    header = HEADER.pack(number, 0x8180, 1, 1, 0, 0)
    return header + question + RECORD + socket.inet_aton(what)


def main(file: Path, address: str = "127.0.0.1") -> None:
    """Serve until killed."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, 53))
    while True:
        query, client = server.recvfrom(512)
        what = file.read_text().strip()
        sys.stdout.write(f"{what}\n")
        sys.stdout.flush()
        if what != "SILENT":
            server.sendto(answer(query, what), client)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
