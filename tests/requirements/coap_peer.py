"""A CoAP codec and an end of a UDP socket that a test holds in its own hands: the LwM2M server or
the device of a test that must see every octet. It shares nothing with the programs under test."""

import dataclasses
import itertools
import random
import socket
import time

CON, NON, ACK, RST = range(4)
GET, POST, PUT, DELETE, FETCH, PATCH, IPATCH = range(1, 8)
IF_MATCH, OBSERVE, LOCATION_PATH, URI_PATH, CONTENT_FORMAT, MAX_AGE = 1, 6, 8, 11, 12, 14
URI_QUERY, ACCEPT, BLOCK2, BLOCK1, SIZE1, NO_RESPONSE, TTL = 15, 17, 23, 27, 60, 258, 65020
TEXT, LINKS, OCTETS, SENML_JSON, SENML_CBOR, TLV = 0, 40, 42, 110, 112, 11542


def code(text):
    """`"2.05"` as the octet on the wire."""
    kind, detail = text.split(".")
    return int(kind) << 5 | int(detail)


def number(value):
    """An unsigned integer as an option's octets."""
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def block(index, more, size):
    """A Block option's octets; `size` is 16, 32, … 1024."""
    return number(index << 4 | more << 3 | size.bit_length() - 5)


def target(text):
    """Uri-Path and Uri-Query options of `/1/0/1?gt=3`."""
    path, _, query = text.partition("?")
    return ([(URI_PATH, part.encode()) for part in path.strip("/").split("/") if part]
            + [(URI_QUERY, part.encode()) for part in query.split("&") if part])


@dataclasses.dataclass
class Message:
    kind: int
    code: int
    mid: int = 0
    token: bytes = b""
    options: list = dataclasses.field(default_factory=list)
    payload: bytes = b""
    peer: tuple = None  # who sent it

    def encode(self):
        octets = bytes([0x40 | self.kind << 4 | len(self.token), self.code])
        octets += self.mid.to_bytes(2, "big") + self.token
        last = 0
        for option, value in sorted(self.options, key=lambda pair: pair[0]):
            octets += _option(option - last, value)
            last = option
        return octets + (b"\xff" + self.payload if self.payload else b"")

    def all(self, option):
        return [value for found, value in self.options if found == option]

    def uint(self, option):
        """The option as a number, or None."""
        values = self.all(option)
        return int.from_bytes(values[0], "big") if values else None

    @property
    def path(self):
        return "/" + "/".join(value.decode() for value in self.all(URI_PATH))

    @property
    def query(self):
        return [value.decode() for value in self.all(URI_QUERY)]

    @property
    def is_request(self):
        return 0 < self.code < 32

    @property
    def text(self):
        """Its code as people write it."""
        return f"{self.code >> 5}.{self.code & 31:02d}"

    @property
    def meaning(self):
        """What must pass the adapter unchanged: all but message id and token."""
        return self.code, sorted(self.options), self.payload


def _nibble(value):
    if value < 13:
        return value, b""
    if value < 269:
        return 13, bytes([value - 13])
    return 14, (value - 269).to_bytes(2, "big")


def _option(delta, value):
    (high, more), (low, longer) = _nibble(delta), _nibble(len(value))
    return bytes([high << 4 | low]) + more + longer + value


def _read(octets, at, nibble):
    if nibble == 13:
        return octets[at] + 13, at + 1
    if nibble == 14:
        return int.from_bytes(octets[at:at + 2], "big") + 269, at + 2
    return nibble, at


def decode(octets, peer=None):
    at = 4 + (octets[0] & 15)
    message = Message(octets[0] >> 4 & 3, octets[1], int.from_bytes(octets[2:4], "big"),
                      octets[4:at], peer=peer)
    option = 0
    while at < len(octets) and octets[at] != 0xFF:
        head = octets[at]
        delta, at = _read(octets, at + 1, head >> 4)
        length, at = _read(octets, at, head & 15)
        option += delta
        message.options.append((option, octets[at:at + length]))
        at += length
    message.payload = octets[at + 1:]
    return message


class Peer:
    """A UDP socket that speaks CoAP when the test says so, and not otherwise: what comes is kept until
    it is asked for, nothing is acknowledged or repeated by itself."""

    def __init__(self, towards=None):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "%s:%d" % self.socket.getsockname()
        self.towards = towards
        self.kept = []
        self.mids = itertools.count(random.randrange(0x4000))

    def close(self):
        self.socket.close()

    def send(self, message, to=None):
        self.socket.sendto(message.encode(), to or message.peer or self.towards)
        return message

    def request(self, method, path, options=(), payload=b"", kind=CON, to=None):
        """Sends a request under a new token; gives what was sent."""
        return self.send(Message(kind, method, next(self.mids), random.randbytes(4),
                                 target(path) + list(options), payload), to)

    def answer(self, request, text, options=(), payload=b""):
        """Piggybacked, or a NON to a NON."""
        kind = ACK if request.kind == CON else NON
        return self.send(Message(kind, code(text), request.mid if kind == ACK else next(self.mids),
                                 request.token, list(options), payload, request.peer))

    def acknowledge(self, message):
        return self.send(Message(ACK, 0, message.mid, peer=message.peer))

    def receive(self, fits=lambda message: True, seconds=30):
        """The first message that fits, kept or new; the others stay. AssertionError if none comes."""
        message = self.wait(fits, seconds)
        assert message, f"nothing that fits came within {seconds} s; kept: {self.kept}"
        return message

    def wait(self, fits=lambda message: True, seconds=1.0):
        """As receive, but None if none comes."""
        end = time.monotonic() + seconds
        while True:
            for message in self.kept:
                if fits(message):
                    self.kept.remove(message)
                    return message
            left = end - time.monotonic()
            if left <= 0:
                return None
            self.socket.settimeout(left)
            try:
                octets, peer = self.socket.recvfrom(4096)
            except TimeoutError:
                return None
            self.kept.append(decode(octets, peer))

    def request_for(self, method, path, peer=None, seconds=30):
        """The next request for that path, whatever its query; of that peer alone if one is given."""
        return self.receive(lambda m: m.code == method and m.path == path
                            and peer in (None, m.peer), seconds)

    def answer_to(self, request, seconds=30):
        """The answer under that token; a separate one is acknowledged."""
        answer = self.receive(lambda m: m.code >= 64 and m.token == request.token, seconds)
        if answer.kind == CON:
            self.acknowledge(answer)
        return answer
