"""A proxy for UDP that loses, repeats, reorders, delays and corrupts datagrams by a seed."""

import collections
import dataclasses
import heapq
import itertools
import random
import selectors
import socket
import threading
import time

DATAGRAM_MAX = 65535


@dataclasses.dataclass
class Weather:
    """What happens to the datagrams of one direction. Probabilities are from 0 to 1, times in seconds.
    The same octets of the same client are lost at most `lost_in_a_row` times, one after another: a peer
    that repeats itself often enough gets through, whatever the dice say."""

    loss: float = 0.0
    duplication: float = 0.0
    reordering: float = 0.0  # held back by `reordering_delay`, so that later ones overtake it
    reordering_delay: float = 0.15
    corruption: float = 0.0  # one bit of it is flipped
    delay: float = 0.0
    delay_more: float = 0.0  # up to so much beyond `delay`
    lost_in_a_row: int = 3


CALM = Weather()


class _Dice:
    """What becomes of each datagram of one direction: reproducible by seed and order of arrival."""

    def __init__(self, weather, chance, counts):
        self.weather, self.chance, self.counts = weather, chance, counts
        self.lost = collections.Counter()

    def throw(self, client, octets):
        """[(seconds until it leaves, octets)], empty if it is lost."""
        weather, chance = self.weather, self.chance
        # Always the same number of throws, so that one decision does not move the others.
        lost, twice, late, spoilt = (chance.random() for _ in range(4))
        delay = weather.delay + weather.delay_more * chance.random()
        bit = chance.randrange(len(octets) * 8) if octets else 0
        key = (client, octets)
        if lost < weather.loss and self.lost[key] < weather.lost_in_a_row:
            self.lost[key] += 1
            self.counts["lost"] += 1
            return []
        self.lost.pop(key, None)
        if spoilt < weather.corruption and octets:
            self.counts["corrupted"] += 1
            octets = octets[:bit // 8] + bytes([octets[bit // 8] ^ 1 << bit % 8]) + octets[bit // 8 + 1:]
        if late < weather.reordering:
            self.counts["reordered"] += 1
            delay += weather.reordering_delay
        copies = [(delay, octets)]
        if twice < weather.duplication:
            self.counts["duplicated"] += 1
            copies.append((delay + weather.reordering_delay * chance.random(), octets))
        return copies


class DatagramProxy:
    """Listens on `address`; each client that sends to it has a socket of its own towards `upstream`, so
    that clients stay distinct there. A thread of its own carries the datagrams, until `close`.

    `requests` is the weather from clients to upstream, `responses` the other way. Both can be exchanged
    while it runs (`change`), and so can the port that clients see (`rebind`). `refuse` closes it."""

    def __init__(self, upstream, requests=CALM, responses=CALM, seed=None, listen=("127.0.0.1", 0)):
        self.upstream = upstream
        self.seed = random.randrange(1 << 30) if seed is None else seed
        self.counts = collections.Counter()
        chance = random.Random(self.seed)
        self._to_upstream = _Dice(requests, random.Random(chance.random()), self.counts)
        self._to_clients = _Dice(responses, random.Random(chance.random()), self.counts)
        self._lock = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self._waiting, self._order = [], itertools.count()
        self._clients = {}  # a client's address: its socket towards upstream
        self._listeners = []  # what comes from upstream leaves by the last
        self._bind(listen)
        self._waker, wake = socket.socketpair()
        wake.setblocking(False)
        self._selector.register(wake, selectors.EVENT_READ, ("wake", None))
        self._ends = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _bind(self, address):
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        listener.bind(address)
        listener.setblocking(False)
        self._selector.register(listener, selectors.EVENT_READ, ("client", None))
        self._listeners.append(listener)
        self.address = "%s:%d" % listener.getsockname()

    def change(self, requests=None, responses=None):
        """Another weather from the next datagram on; None leaves a direction as it is."""
        with self._lock:
            self._to_upstream.weather = requests or self._to_upstream.weather
            self._to_clients.weather = responses or self._to_clients.weather

    def rebind(self):
        """What comes from upstream leaves from another port from now on; the former one still listens."""
        with self._lock:
            self._bind((self._listeners[-1].getsockname()[0], 0))
        self._waker.send(b".")
        return self.address

    def refuse(self):
        """Its ports are closed, so that the kernel tells clients by ICMP: for them upstream has died."""
        with self._lock:
            self._former = [listener.getsockname() for listener in self._listeners]
            for listener in self._listeners:
                self._selector.unregister(listener)
                listener.close()
            self._listeners = []

    def listen_again(self):
        with self._lock:
            for address in self._former:
                self._bind(address)
        self._waker.send(b".")

    def close(self):
        """Ends it; what waits is dropped."""
        with self._lock:
            self._ends = True
        self._waker.send(b".")
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._waker.close()
        self._selector.close()

    def _run(self):
        while True:
            with self._lock:
                if self._ends:
                    return
                left = self._waiting[0][0] - time.monotonic() if self._waiting else None
            for key, _ in self._selector.select(None if left is None else max(0, left)):
                try:
                    self._read(key.fileobj, *key.data)
                except OSError:  # closed meanwhile by `refuse`
                    continue
            self._send_what_is_due()

    def _read(self, sock, kind, client):
        while True:
            try:
                octets, sender = sock.recvfrom(DATAGRAM_MAX)
            except BlockingIOError:
                return
            except ConnectionRefusedError:  # ICMP: nobody is there; the sender is not told
                self.counts["refused"] += 1
                continue
            if kind == "client":
                self._carry(self._to_upstream, sender, octets, self._socket_of(sender), None)
            elif kind == "upstream":
                self._carry(self._to_clients, client, octets, None, client)

    def _socket_of(self, client):
        if client not in self._clients:
            upstream = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            upstream.connect(self.upstream)
            upstream.setblocking(False)
            self._selector.register(upstream, selectors.EVENT_READ, ("upstream", client))
            self._clients[client] = upstream
        return self._clients[client]

    def _carry(self, dice, client, octets, sock, to):
        with self._lock:
            self.counts["requests" if to is None else "responses"] += 1
            for delay, copy in dice.throw(client, octets):
                heapq.heappush(self._waiting,
                               (time.monotonic() + delay, next(self._order), copy, sock, to))

    def _send_what_is_due(self):
        with self._lock:
            now = time.monotonic()
            while self._waiting and self._waiting[0][0] <= now:
                _, _, octets, sock, to = heapq.heappop(self._waiting)
                try:
                    sock.send(octets) if to is None else self._listeners[-1].sendto(octets, to)
                except (OSError, IndexError):  # refused, or a full buffer: lost, as datagrams are
                    self.counts["refused"] += 1
