"""An LwM2M server that repeats what is not answered, often and for long, and keeps everything that it
hears: what a server does whose network loses datagrams, in fast motion."""

import itertools
import random
import socket
import threading
import time

from coap_peer import ACK, CON, DELETE, LOCATION_PATH, Message, POST, code, decode, target

REPEAT_AFTER = 0.25


class PatientServer(threading.Thread):
    """Answers Register with 2.01 and everything else with 2.04, the same to each copy. Thread-safe."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "%s:%d" % self.socket.getsockname()
        self.changed = threading.Condition()
        self.clients = {}     # endpoint name: where it registered from
        self.requests = []    # each of the devices' once
        self.responses = {}   # token: the responses that came, copies included
        self._answered = {}   # (peer, message id, octets): our answer
        self._acknowledged = set()  # message ids of our requests
        self._mids = itertools.count(random.randrange(0x4000))
        self._ends = False
        self.start()

    def close(self):
        self._ends = True
        self.socket.sendto(b"", self.socket.getsockname())
        self.join()
        self.socket.close()

    def ask(self, name, method, path, options=(), payload=b"", seconds=90):
        """Sends a confirmable request until it is answered: the first response. AssertionError if none
        comes."""
        request = Message(CON, method, next(self._mids) & 0xFFFF, random.randbytes(6),
                          target(path) + list(options), payload)
        end = time.monotonic() + seconds
        with self.changed:
            self.responses[request.token] = []
            while not self.responses[request.token]:
                assert time.monotonic() < end, f"{path} of {name} was not answered within {seconds} s"
                if request.mid not in self._acknowledged:
                    self.socket.sendto(request.encode(), self.clients[name])
                self.changed.wait(REPEAT_AFTER)
            return self.responses[request.token][0]

    def run(self):
        while True:
            octets, peer = self.socket.recvfrom(65535)
            if self._ends:
                return
            try:
                message = decode(octets, peer)
            except (IndexError, UnicodeDecodeError):
                continue  # corrupted on its way
            with self.changed:
                self._hear(message, octets)
                self.changed.notify_all()

    def _hear(self, message, octets):
        if message.is_request:
            key = (message.peer, message.mid, octets)
            if key not in self._answered:
                self.requests.append(message)
                self._answered[key] = self._answer(message).encode()
            self.socket.sendto(self._answered[key], message.peer)
            return
        if message.kind == ACK:
            self._acknowledged.add(message.mid)
        if message.code:
            self.responses.setdefault(message.token, []).append(message)
        if message.kind == CON and message.code:
            self.socket.sendto(Message(ACK, 0, message.mid).encode(), message.peer)

    def _answer(self, request):
        options = []
        text = "2.02" if request.code == DELETE else "2.04"
        if request.code == POST and request.path == "/rd":
            name = next(part[3:] for part in request.query if part.startswith("ep="))
            self.clients[name] = request.peer
            text, options = "2.01", [(LOCATION_PATH, b"rd"), (LOCATION_PATH, name.encode())]
        return Message(ACK if request.kind == CON else 1, code(text), request.mid, request.token, options)
