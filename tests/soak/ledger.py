"""What the adapter took, and what became of it: messages of the API until they have ended, requests of the
LwM2M server until they are answered, frames of requests that may not be repeated. Thread-safe."""

import collections
import threading
import time

OPEN = ("QUEUED", "SENDING", "ACCEPTED")
GRACE_SECONDS = 60  # after its TTL a message may still wait for the SCEF's word
SHOWN = 20          # of each kind of finding; all are counted


class Ledger:
    def __init__(self):
        self.lock = threading.Lock()
        self.open = {}        # id: (when to look next, pause until then, when it has to have ended)
        self.counts = collections.Counter()
        self.states = collections.Counter()
        self.codes = collections.Counter()    # what the LwM2M server was answered
        self.frames = collections.Counter()   # serial of an Execute: frames on the air
        self.findings = collections.defaultdict(list)
        self.down = []                        # [began, ended] of each time that the adapter was not there

    def count(self, what, by=1):
        with self.lock:
            self.counts[what] += by

    def find(self, kind, text):
        """Something that must not be."""
        with self.lock:
            self.counts["finding: " + kind] += 1
            if len(self.findings[kind]) < SHOWN:
                self.findings[kind].append(text)

    # ---- Messages of the API

    def take(self, identity, ttl):
        now = time.monotonic()
        with self.lock:
            self.counts["messages taken"] += 1
            self.open[identity] = (now + 1, 1.0, now + ttl + GRACE_SECONDS)

    def due(self):
        """Messages to ask for now."""
        now = time.monotonic()
        with self.lock:
            return [identity for identity, (at, _, _) in self.open.items() if at <= now]

    def learn(self, identity, status, state):
        """What a GET of the message said."""
        now = time.monotonic()
        with self.lock:
            _, pause, limit = self.open[identity]
            ended = status == 200 and state not in OPEN
            if ended:
                self.counts["messages ended"] += 1
                self.states[state] += 1
            if ended or status == 404 or now > limit:
                del self.open[identity]
            else:
                self.open[identity] = (now + pause, min(2 * pause, 20.0), limit)
        if status == 404:
            self.find("lost", f"message {identity} was taken, and is not there")
        elif not ended and now > limit:
            self.find("not ended", f"message {identity} is {state} {GRACE_SECONDS} s after its TTL")

    # ---- Requests of the LwM2M server

    def answered(self, operation, began, code):
        """`code` None: no answer came."""
        ended = time.monotonic()
        with self.lock:
            self.counts["server requests"] += 1
            self.codes[code or "none"] += 1
            met = any(began < end and ended > begin for begin, end in self.down)
        if code is None:
            if met:  # it may have been lost before anybody acknowledged it
                self.count("server requests unanswered around a restart")
            else:
                self.find("unanswered", f"{operation} of the server had no answer in {ended - began:.0f} s")

    # ---- Frames

    def on_air(self, serial):
        with self.lock:
            self.frames[serial] += 1
            twice = self.frames[serial] == 2
        if twice:
            self.find("twice", f"the Execute {serial} went over the air twice")

    def facts(self):
        """For the report."""
        with self.lock:
            return {"counts": dict(sorted(self.counts.items())), "states": dict(self.states),
                    "codes": dict(self.codes), "open": len(self.open),
                    "executesOnAir": len(self.frames), "findings": dict(self.findings)}
