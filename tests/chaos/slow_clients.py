"""Many TCP connections that never finish what they ask for: they send one octet at a time, or a part and then
nothing. One thread for all of them."""

import itertools
import random
import selectors
import socket
import threading
import time

REQUEST = (b"POST /api/v1/devices HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
           b"Content-Length: 4000\r\n\r\n")
BODY = b'{"externalId": "' + 2000 * b"a"

# What a connection sends, and how much of it at once, before it drips or falls silent.
KINDS = {
    "drips its header": (REQUEST, 0, True),
    "falls silent in its header": (REQUEST, 40, False),
    "drips its body": (REQUEST + BODY, len(REQUEST) + 1, True),
    "falls silent in its body": (REQUEST + BODY, len(REQUEST) + 300, False),
    "says nothing": (b"", 0, False),
}
TURN = 0.05  # seconds; in each turn a tenth of the connections sends an octet
PARTS = 10


class SlowClient:
    def __init__(self, address, source, kind):
        self.kind = kind
        self.text, self.sent, self.drips = KINDS[kind]
        self.heard, self.is_open, self.is_new = b"", True, True
        self.socket = socket.socket()
        self.socket.bind((source, 0))
        self.socket.setblocking(False)
        self.socket.connect_ex(address)

    @property
    def status(self):
        """Of the answer; None if there was none."""
        return int(self.heard.split(b" ", 2)[1]) if self.heard.startswith(b"HTTP/1.1 ") else None

    def say(self, octets):
        try:
            self.socket.send(octets)
        except BlockingIOError:
            pass
        except OSError:
            pass  # it was closed; what it said stands to be read

    def drip(self):
        if self.drips and self.sent < len(self.text):
            self.say(self.text[self.sent:self.sent + 1])
            self.sent += 1

    def hear(self):
        try:
            octets = self.socket.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            octets = b""
        self.heard += octets
        self.is_open = bool(octets)

    def close(self):
        self.socket.close()


class SlowClients(threading.Thread):
    """`count` connections to each of the addresses, from the source addresses in turn, until `close`."""

    def __init__(self, addresses, count, sources, seed):
        super().__init__(daemon=True)
        chance = random.Random(seed)
        self.selector = selectors.DefaultSelector()
        self.clients = []
        self._ends = threading.Event()
        wanted = [address for address in addresses for _ in range(count)]
        chance.shuffle(wanted)
        for address, source, kind in zip(wanted, itertools.cycle(sources), itertools.cycle(KINDS)):
            client = SlowClient(address, source, kind)
            self.clients.append(client)
            self.selector.register(client.socket, selectors.EVENT_READ | selectors.EVENT_WRITE, client)
        self.start()

    def open(self):
        return sum(client.is_open for client in self.clients)

    def run(self):
        part, next_turn = 0, time.monotonic()
        while not self._ends.is_set():
            for key, events in self.selector.select(TURN):
                self.serve(key.data, events)
            if time.monotonic() >= next_turn:
                next_turn += TURN
                part = (part + 1) % PARTS
                for client in self.clients[part::PARTS]:
                    if client.is_open and not client.is_new:
                        client.drip()

    def serve(self, client, events):
        if client.is_new and events & selectors.EVENT_WRITE:
            client.is_new = False
            client.say(client.text[:client.sent])
            self.selector.modify(client.socket, selectors.EVENT_READ, client)
        if events & selectors.EVENT_READ:
            client.hear()
            if not client.is_open:
                self.selector.unregister(client.socket)

    def close(self):
        self._ends.set()
        self.join()
        for client in self.clients:
            client.close()
        self.selector.close()
