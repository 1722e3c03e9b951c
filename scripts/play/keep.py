"""What scripts/demo --keep adds: a Prometheus with the shipped rules, and light traffic so that its
plots move."""

import os
import random
import threading

import prometheus
from stack import Failure, call


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

    def text(self):
        return f"""\
  plots             {self.prometheus.console()}
  alert rules       {self.prometheus.page("alerts")}
  Grafana           Dashboards, Import: {os.path.relpath(prometheus.DASHBOARD)}
                    with a Prometheus data source at {self.prometheus.url}"""


def what_to_look_at(play, watch, sleeper):
    """What is printed when everything goes on running: addresses, and commands that can be pasted. The
    message to look for is the Read of `sleeper` that expired."""
    stack = play.stack
    lost = next((message["id"] for message in reversed(play.messages(sleeper))
                 if message["state"] == "EXPIRED"), None)
    url = "" if stack.api == "http://127.0.0.1:9080" else f" --url {stack.api}"
    return f"""
Everything keeps running, with light traffic; Ctrl-C stops it.
  console           {stack.api}/
{watch.text()}
  adapter API       {stack.api}/api/v1/devices
  metrics           {stack.api}/metrics
  LwM2M server      {stack.server_api}/clients
  SCEF control      {stack.scef_control}/ues
  configuration     {stack.config_file}
  logs              {stack.dir}

In a second terminal:
  export PATH={os.path.abspath(stack.bin)}:$PATH
  scef-adapterctl{url} devices list
  scef-adapterctl{url} events --follow
""" + ("" if lost is None else f"""
A message got lost: the server asked {sleeper.split("@")[0]}, and was answered 5.04. Look for it by its
device, and let it tell what happened:
  scef-adapterctl{url} messages find {sleeper}
  scef-adapterctl{url} messages show {lost}
""")


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
