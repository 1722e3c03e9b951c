"""Mixed load through real processes: a program of the API, the LwM2M server, devices that measure, sleep and
wake, a SCEF that hiccups, devices that come and go. What fails for a moment is not its matter; the ledger has
what must not be."""

import base64
import concurrent.futures
import http.client
import random
import re
import threading
import time
import urllib.parse

from coap_peer import CON, GET, Message, POST, PUT, target
from stack import Failure, call, eventually

DOMAIN = "iot.example"
AWAKE = [f"awake-{number}" for number in range(8)]
METERED = [f"metered-{number}" for number in range(4)]
SLEEPY = [f"sleepy-{number}" for number in range(8)]
EXECUTE = re.compile(rb"0='(\d{9})'")

# An hour of the network's timers passes in six minutes; ended messages are forgotten soon, so that what is kept
# of them has a measure that an hour shows.
CONFIGURATION = """\
log: {{format: json}}
profiles:
  nb-iot: {{reachability: {{psm: {{active_timer: 3s, period: 24h}}}}}}
quotas:
  metered: {{downlink: {{messages: {rate}/minute, burst: 5}}, emergency_reserve: 20%}}
"""
RETENTION = "5m"

# Members of POST /faults; each is over after `times`.
HICCUPS = (
    {"operation": "delivery", "status": 503, "retryAfter": 2, "times": 3},
    {"operation": "delivery", "status": 500, "times": 2},
    {"operation": "delivery", "action": "close", "after": True},
    {"operation": "delivery", "action": "reset"},
    {"operation": "delivery", "action": "hang", "after": True},
    {"operation": "delivery", "action": "garbage", "times": 2},
    {"operation": "delivery", "action": "trickle", "delayMs": 4000},
    {"operation": "delivery", "delayMs": 3000, "times": 3},
    {"operation": "any", "status": 503, "times": 5},
    {"notification": "drop", "kind": "delivery-status", "times": 2},
    {"notification": "drop", "kind": "uplink"},
    {"notification": "duplicate", "times": 3},
    {"notification": "garbage", "kind": "uplink"},
    {"notification": "delay", "delayMs": 2000, "times": 3},
    {"notification": "early"},
)


class Load:
    """`rate` steps a second, drawn from the seed, until `stop`."""

    def __init__(self, stack, ledger, seed, rate):
        self.stack, self.ledger, self.rate, self.seed = stack, ledger, rate, seed
        self.chance = random.Random(seed)
        self.ended = threading.Event()
        self.serials, self.serial_lock = 0, threading.Lock()
        self.pool = concurrent.futures.ThreadPoolExecutor(48)
        self.room = threading.Semaphore(48)
        self.threads = []
        self.steps = ((self.message, 8), (self.ask, 6), (self.measure, 5), (self.wake, 2),
                      (self.message_to_a_sleeper, 2), (self.ask_a_sleeper, 1), (self.cancel, 0.5),
                      (self.look, 1), (self.come_and_go, 0.4), (self.follow, 0.3))

    # ---- Begin and end

    def begin(self):
        stack = self.stack
        for name in AWAKE + SLEEPY + METERED:
            stack.provision(self.identifier(name), profile="nb-iot" if name in SLEEPY else "always-on",
                            quota="metered" if name in METERED else "default")
        eventually("their NIDD configurations are ACTIVE", lambda: all(
            stack.device(self.identifier(name))["niddConfiguration"]["status"] == "ACTIVE"
            for name in AWAKE + SLEEPY + METERED), 60)
        self.modems = {}
        for names, state in ((AWAKE + METERED, "connected"), (SLEEPY, "psm")):
            words = [word for name in names for word in ("--device", self.identifier(name))]
            program = stack.start_modems(*words, "--state", state, "--seed", str(self.seed % 1000),
                                         label="modems-" + state)
            self.modems |= dict.fromkeys(names, program)
        eventually("all are registered",
                   lambda: len(stack.clients()) == len(AWAKE + SLEEPY + METERED), 90)
        for name in AWAKE:
            stack.operate(name, "observe", path="/3303/0/5700", timeout=60)
        for work in (self.go_on, self.hiccups):
            self.threads.append(threading.Thread(target=work, daemon=True))
            self.threads[-1].start()

    def stop(self):
        """No new step; those under way come to their end."""
        self.ended.set()
        for thread in self.threads:
            thread.join()
        self.pool.shutdown()
        call("DELETE", self.stack.scef_control + "/faults")

    @staticmethod
    def identifier(name):
        return f"{name}@{DOMAIN}"

    def serial(self):
        with self.serial_lock:
            self.serials += 1
            return self.serials

    def go_on(self):
        works, weights = zip(*self.steps)
        while not self.ended.wait(self.chance.expovariate(self.rate)):
            work = self.chance.choices(works, weights)[0]
            own = random.Random(self.chance.getrandbits(64))
            if self.room.acquire(timeout=5):
                self.pool.submit(self.quietly, work, own)

    def quietly(self, work, chance):
        try:
            work(chance)
            self.ledger.count("steps: " + work.__name__)
        except (Failure, OSError, http.client.HTTPException, KeyError, TypeError, ValueError):
            self.ledger.count("steps that did not come about")  # as around a restart
        finally:
            self.room.release()

    def hiccups(self):
        chance = random.Random(self.seed + 1)
        while not self.ended.wait(chance.expovariate(1 / 30)):
            rule = dict(chance.choice(HICCUPS))
            status, said = call("POST", self.stack.scef_control + "/faults", rule)
            assert status < 300, f"{rule}: {said}"
            self.ledger.count("SCEF hiccups")

    # ---- A program of the API

    def coap(self, chance, serial):
        """A Read, Write or Execute, base64."""
        token = serial.to_bytes(4, "big")
        message = chance.choice((
            Message(CON, GET, serial & 0xFFFF, token, target("/3/0/9")),
            Message(CON, PUT, serial & 0xFFFF, token, target("/1/0/1"),
                    b"%d" % chance.randrange(200, 900)),
            Message(CON, POST, serial & 0xFFFF, token, target("/3/0/12"), b"0='%09d'" % serial)))
        return base64.b64encode(message.encode()).decode()

    def send(self, chance, name, ttl):
        """Takes the part of a program that repeats a broken call with the same key."""
        serial = self.serial()
        body = {"payload": self.coap(chance, serial), "ttl": f"{ttl}s"}
        path = f"/devices/{urllib.parse.quote(self.identifier(name))}/messages"
        for _ in range(30):
            try:
                status, answer = self.stack.adapter_call(
                    "POST", path, body, {"Idempotency-Key": f"soak-{self.seed}-{serial}"})
            except (OSError, http.client.HTTPException):
                self.ledger.count("calls of the API that broke")
                time.sleep(1)
                continue
            if status in (200, 201):
                self.ledger.take(answer["id"], ttl)
                return answer["id"]
            self.ledger.count(f"messages refused {status}")
            return None
        return None

    def message(self, chance):
        self.send(chance, chance.choice(AWAKE + METERED), chance.choice((10, 30, 60)))

    def message_to_a_sleeper(self, chance):
        self.send(chance, chance.choice(SLEEPY), chance.choice((5, 60, 120)))

    def cancel(self, chance):
        identity = self.send(chance, chance.choice(SLEEPY), 60)
        if identity:
            self.stack.adapter_call("DELETE", "/messages/" + identity)

    def look(self, chance):
        """What a console asks for."""
        path = chance.choice(("/devices?limit=50", "/messages?limit=50", "/events?limit=50", "/audit?limit=50",
                              "/deadletters?limit=50"))
        self.stack.adapter_call("GET", path)

    def come_and_go(self, chance):
        """A device that is removed with a message in its queue."""
        name = f"passing-{chance.getrandbits(32):08x}"
        self.stack.provision(self.identifier(name))
        self.send(chance, name, 60)
        self.stack.adapter_call("DELETE", "/devices/" + urllib.parse.quote(self.identifier(name)))

    def follow(self, _chance):
        """A reader of the event stream that leaves after a while."""
        connection = http.client.HTTPConnection(self.stack.admin, timeout=10)
        try:
            connection.request("GET", "/api/v1/events", headers={
                "Accept": "text/event-stream", **self.stack.authorization("read")})
            answer = connection.getresponse()
            for _ in range(20):
                if not answer.readline():
                    break
        finally:
            connection.close()

    # ---- The LwM2M server and the devices

    def operate(self, name, operation, **body):
        began = time.monotonic()
        answer = self.stack.operate(name, operation, timeout=100, **body)
        if answer["status"] in (200, 502, 504):
            self.ledger.answered(f"{operation} of {name}", began, answer.get("code"))

    def ask(self, chance):
        name, drawn = chance.choice(AWAKE + METERED), chance.random()
        if drawn < 0.6:
            self.operate(name, "read", path=chance.choice(("/3/0/0", "/3/0/9", "/3303/0/5700")), ttl=30)
        elif drawn < 0.75:
            self.operate(name, "write", path="/1/0/1", value=chance.randrange(200, 900), ttl=30)
        elif drawn < 0.9:
            self.operate(name, "execute", path="/3/0/12", arguments=f"0='{self.serial():09d}'", ttl=30)
        else:
            self.operate(name, "read", path="/3/0/2", repeatDatagram=2, ttl=30)

    def ask_a_sleeper(self, chance):
        self.operate(chance.choice(SLEEPY), "read", path="/3/0/1", ttl=chance.choice((3, 30, 60)))

    def measure(self, chance):
        """The server observes it."""
        name = chance.choice(AWAKE)
        call("PUT", f"{self.modems[name].api}/devices/{self.identifier(name)}/resources/3303/0/5700",
             {"value": chance.randrange(100, 400) / 10})

    def wake(self, chance):
        name = chance.choice(SLEEPY)
        self.stack.modem_act(self.modems[name], self.identifier(name), chance.choice(("update", "send")))


class Air:
    """Reads the network's log of frames and counts the Executes among them."""

    def __init__(self, stack, ledger):
        self.stack, self.ledger, self.seen = stack, ledger, 0

    def read_on(self):
        said = call("GET", f"{self.stack.scef_control}/log?since={self.seen}&kind=downlink", timeout=30)[1]
        for entry in said["entries"]:
            self.ledger.count("frames down")
            found = EXECUTE.search(bytes.fromhex(entry["detail"]["data"]))
            if found:
                self.ledger.on_air(found.group(1).decode())
        self.seen = max(self.seen, said["last"])


__all__ = ["Air", "CONFIGURATION", "Load", "RETENTION"]
