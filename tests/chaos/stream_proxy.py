"""A proxy for TCP that refuses, resets, slows and holds connections."""

import collections
import dataclasses
import selectors
import socket
import struct
import threading

CHUNK = 65536


@dataclasses.dataclass
class Plan:
    """What one connection goes through. Counts are octets, times seconds; None: never."""

    delay: float = 0.0                # before each chunk
    octets_a_second: int | None = None  # towards the client, in small pieces
    reset_after_request: int | None = None   # after so many octets of what the client sent
    reset_after_response: int | None = None  # after so many octets of what upstream sent
    hold_request_after: int | None = None    # half-open: nothing more is passed on, nothing is closed
    hold_response_after: int | None = None


PLAIN = Plan()


class StreamProxy:
    """Listens on `address` and carries each connection to `upstream`, in threads of its own until `close`.

    Each connection takes the next of the `plans` given by `next_connections`, else the `plan` that holds
    for all. `spoil_open` gives the connections that are open another plan, counted from then on.
    `refuse` closes the listening socket, so that connecting fails; `reset_open` resets what is open."""

    def __init__(self, upstream, plan=PLAIN, listen=("127.0.0.1", 0)):
        self.upstream = upstream
        self.plan = plan
        self.accepted = 0
        self.most_open = 0
        self._plans = []
        self._lock = threading.Lock()
        self._open = set()
        self._listener = self._listen(listen)
        self._address = self._listener.getsockname()
        self.address = "%s:%d" % self._address
        self._ends = threading.Event()
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    @staticmethod
    def _listen(address):
        listener = socket.create_server(address, backlog=128)
        listener.settimeout(0.05)
        return listener

    def next_connections(self, *plans):
        with self._lock:
            self._plans += plans

    def spoil_open(self, plan):
        """The plan counts for what the open connections carry from now on; how many there are."""
        with self._lock:
            for connection in self._open:
                connection.spoil(plan)
            return len(self._open)

    def refuse(self):
        """Nobody listens any more, and what is open is reset."""
        with self._lock:
            listener, self._listener = self._listener, None
        if listener:
            listener.shutdown(socket.SHUT_RDWR)  # closed it would go on until accept() comes back
            listener.close()
        self.reset_open()

    def listen_again(self):
        with self._lock:
            if self._listener is None:
                self._listener = self._listen(self._address)

    def reset_open(self):
        with self._lock:
            connections = list(self._open)
        for connection in connections:
            connection.ends.set()
        for connection in connections:  # what is written to one that still stands would be in doubt
            connection.is_over.wait(10)

    def close(self):
        self._ends.set()
        self._accepting.join()
        self.refuse()

    def _accept(self):
        while not self._ends.is_set():
            with self._lock:
                listener = self._listener
            if listener is None:
                self._ends.wait(0.02)
                continue
            try:
                client, _ = listener.accept()
            except OSError:  # nobody came, or it was closed meanwhile
                continue
            self._begin(client)

    def _begin(self, client):
        with self._lock:
            if self._listener is None:  # refused since
                return _reset(client)
            self.accepted += 1
            plan = self._plans.pop(0) if self._plans else self.plan
            connection = _Connection(client, plan, self._forget)
            self._open.add(connection)  # before upstream knows of it, so that no reset misses it
            self.most_open = max(self.most_open, len(self._open))
        threading.Thread(target=connection.run, args=[self.upstream], daemon=True).start()

    def _forget(self, connection):
        with self._lock:
            self._open.discard(connection)


def _reset(sock):
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()
    except OSError:
        pass


class _Connection:
    def __init__(self, client, plan, forget):
        self.client, self.plan, self.forget = client, plan, forget
        self.passed = collections.Counter()  # octets that came from a socket and were passed on
        self.ends = threading.Event()
        self.is_over = threading.Event()

    def spoil(self, plan):
        self.passed = collections.Counter()
        self.plan = plan

    def run(self, address):
        try:
            with socket.create_connection(address, 5) as upstream:
                self._carry_all(upstream)
                _reset(upstream)
        except OSError:
            pass
        self.forget(self)
        _reset(self.client)
        self.is_over.set()

    def _carry_all(self, upstream):
        with selectors.DefaultSelector() as selector:
            selector.register(self.client, selectors.EVENT_READ, upstream)
            selector.register(upstream, selectors.EVENT_READ, self.client)
            while not self.ends.is_set() and selector.get_map():
                for key, _ in selector.select(0.05):
                    if not self._carry(selector, key.fileobj, key.data):
                        self.ends.set()
                        break

    def _carry(self, selector, source, target):
        """False if the connection ends, by a reset."""
        try:
            octets = source.recv(CHUNK)
            if not octets:
                selector.unregister(source)
                target.shutdown(socket.SHUT_WR)
                return True
            if self.plan.delay and self.ends.wait(self.plan.delay):
                return False
            return self._pass_on(source, target, octets)
        except OSError:
            return False

    def _pass_on(self, source, target, octets):
        plan = self.plan
        asks = source is self.client
        reset_at = plan.reset_after_request if asks else plan.reset_after_response
        hold_at = plan.hold_request_after if asks else plan.hold_response_after
        limit = min(at for at in (reset_at, hold_at, len(octets) + self.passed[source])
                    if at is not None) - self.passed[source]
        self._send(target, octets[:max(0, limit)], None if asks else plan.octets_a_second)
        self.passed[source] += len(octets)
        return reset_at is None or self.passed[source] < reset_at

    def _send(self, target, octets, octets_a_second):
        if octets_a_second is None:
            target.sendall(octets)
            return
        for octet in octets:
            target.sendall(bytes([octet]))
            if self.ends.wait(1 / octets_a_second):
                return
