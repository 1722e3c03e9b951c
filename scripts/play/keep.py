"""What scripts/demo --keep adds: a Prometheus with the shipped rules, and light traffic so that its
plots move."""

import collections
import os
import random
import re
import threading

import prometheus
from stack import Failure, call

# Panels of the shipped dashboard, and which of their queries make up the page of plots.
PLOTS = (("Ends by state and reason", 0), ("Delivery time by level", 1), ("Waiting, by reason", 0),
         ("T8 calls by code", 0), ("Devices", 0), ("Octets", 0))
VARIABLES = {"instance": ".*", "scef": ".*", "__rate_interval": "30s", "__range": "10m"}


class Watch:
    """Prometheus beside a stack whose adapter runs."""

    def __init__(self, stack):
        self.stack = stack
        self.prometheus = None

    def start(self):
        if not prometheus.is_installed():
            raise Failure("prometheus is not installed; scripts/setup --keep installs it")
        target = self.stack.api.removeprefix("http://")
        self.prometheus = prometheus.Prometheus(self.stack.dir, self.stack.port(9090), target, "2s")
        self.stack.programs.append(self.prometheus.program)
        self.prometheus.start()

    def plots(self):
        queries = collections.defaultdict(list)
        for panel, query in prometheus.dashboard_queries(VARIABLES):
            chosen = re.sub(r'(?:instance|scef)=~"\.\*",?', "", query).replace(",}", "}").replace("{}", "")
            queries[panel].append(chosen)
        return self.prometheus.graph_url([queries[panel][number] for panel, number in PLOTS])

    def text(self):
        return f"""\
  alert rules       {self.prometheus.page("alerts")}
  plots             {self.plots()}
  Grafana           Dashboards, Import: {os.path.relpath(prometheus.DASHBOARD)}
                    with a Prometheus data source at {self.prometheus.url}"""


class LightTraffic:
    """Does something every half second until it is told to stop: reads and writes of devices that are
    awake, reads of sleeping ones that wake a little later, a retransmission or a TTL that ends now and
    then. What fails is not its matter: the plots show it."""

    def __init__(self, play, awake, sleepy, names, seed=1):
        self.play, self.stack = play, play.stack
        self.awake, self.sleepy, self.names = awake, sleepy, names
        self.random = random.Random(seed)
        self.ended = threading.Event()
        self.room = threading.Semaphore(16)  # steps at a time

    def start(self):
        threading.Thread(target=self.go_on, daemon=True).start()

    def go_on(self):
        while not self.ended.wait(0.5):
            step = self.random.choices((self.read, self.write, self.measure, self.wake, self.expire, self.repeat),
                                       (8, 3, 4, 4, 1, 1))[0]
            chosen = (self.random.choice(self.awake), self.random.choice(self.sleepy),
                      self.random.randrange(60, 900))
            if self.room.acquire(blocking=False):
                threading.Thread(target=self.quietly, args=(step, *chosen), daemon=True).start()

    def quietly(self, step, awake, sleepy, number):
        try:
            step(awake, sleepy, number)
        except (Failure, OSError, KeyError, TypeError):
            pass  # the programs are being stopped, or a device is busy
        finally:
            self.room.release()

    def read(self, awake, _sleepy, _number):
        self.stack.operate(self.names[awake], "read", path="/3/0/9", timeout=20)

    def write(self, awake, _sleepy, number):
        self.stack.operate(self.names[awake], "write", path="/1/0/1", value=str(number), timeout=20)

    def measure(self, awake, _sleepy, number):
        """Of those that are observed, the server is notified."""
        call("PUT", f"{self.play.awake.api}/devices/{awake}/resources/3303/0/5700", {"value": number / 10})

    def wake(self, _awake, sleepy, number):
        """The server asks a sleeping device, which wakes a few seconds later."""
        threading.Timer(number / 150, self.update, (sleepy,)).start()
        self.ask(None, sleepy, 60)

    def update(self, sleepy):
        try:
            self.stack.modem_act(self.play.sleepy, sleepy, "update")
        except (Failure, OSError):
            pass  # it speaks already, or is being stopped

    def expire(self, _awake, sleepy, _number):
        self.ask(None, sleepy, 3)

    def ask(self, _awake, sleepy, ttl):
        self.stack.operate(self.names[sleepy], "read", path="/3/0/1", ttl=ttl, timeout=90)

    def repeat(self, awake, _sleepy, _number):
        self.stack.operate(self.names[awake], "read", path="/3/0/2", repeatDatagram=2, timeout=20)

    def stop(self):
        self.ended.set()
