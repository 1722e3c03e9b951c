"""A history, sorted by what the rules ask: who was promised what, and what the SCEF was given."""

import bisect
import calendar
import collections
import re
import time

from messages import IDEMPOTENT, serial_in

OPEN = ("QUEUED", "SENDING", "ACCEPTED")
TERMINAL = ("DELIVERED", "EXPIRED", "FAILED", "REJECTED", "CANCELED", "SUPERSEDED", "DEAD", "UNCONFIRMED")
DEVICE_ACK_TIMEOUT = 2.0  # of the devices in the adapter's configuration


def unix_time(text):
    """`2026-11-30T20:59:32.322Z` as Unix time."""
    whole, _, part = text.rstrip("Z").partition(".")
    return calendar.timegm(time.strptime(whole, "%Y-%m-%dT%H:%M:%S")) + float("0." + (part or "0"))


class Asked:
    """A request that a program or the LwM2M server made of the adapter."""

    def __init__(self, event, via):
        self.serial, self.device, self.sent = event["serial"], event["device"], event["t"]
        self.operation, self.confirmable, self.via = event["operation"], event["confirmable"], via
        self.accepted = None  # when it was acknowledged: from then on the adapter answers for it
        self.ids = set()
        self.lost = False     # a call that was never answered: it may be there

    @property
    def is_idempotent(self):
        return self.operation in IDEMPOTENT


class Post:
    def __init__(self, event):
        self.t, self.w = event["t"], event["w"]
        self.transfer, self.device, self.serial = event["transfer"], event["device"], event["serial"]
        self.data, self.latency, self.outcome = event["data"], event["latency"], event["outcome"]
        self.answered, self.was_read = None, False
        self.statuses = []   # (t, status)
        self.deleted = None

    @property
    def is_explicit_failure(self):
        return self.outcome in ("failed", "busy")

    @property
    def is_doubtful(self):
        """Its outcome never reached the adapter, or said nothing."""
        return not self.was_read or self.outcome in ("broken_500", "silent", "reset")


class Facts:
    def __init__(self, events):
        self.events = events
        self.by_kind = collections.defaultdict(list)
        for event in events:
            self.by_kind[event["e"]].append(event)
        self.asked = {e["serial"]: Asked(e, via) for via in ("api", "coap")
                      for e in self.by_kind[via + "_send"]}
        self._read_promises()
        self.posts = [Post(e) for e in self.by_kind["post"]]
        self._read_deliveries()
        self.kills = [e["t"] for e in self.by_kind["killed"]]
        self.devices = {e["device"]: e for e in self.by_kind["provisioned"]}
        self._read_end()
        lags = self.by_kind["lag"]
        self._lags = ([e["t"] for e in lags], [e["seconds"] for e in lags])

    def _read_promises(self):
        for event in self.by_kind["api_answer"]:
            one = self.asked[event["serial"]]
            if event["status"] in (200, 201):
                one.accepted = one.accepted or event["t"]
                one.ids.add(event["id"])
        for event in self.by_kind["api_lost"]:
            self.asked[event["serial"]].lost = True
        for event in self.by_kind["coap_ack"]:
            # An ACK with an error is a refusal, or the end itself; all others are custody.
            if event["code"][0] in "02":
                one = self.asked[event["serial"]]
                one.accepted = one.accepted or event["t"]

    def _read_deliveries(self):
        transfers = {post.transfer: post for post in self.posts}
        for event in self.by_kind["post_answer"]:
            post = transfers[event["transfer"]]
            post.answered, post.was_read = event["t"], event["sent"]
        for event in self.by_kind["status"]:
            transfers[event["transfer"]].statuses.append((event["t"], event["status"]))
        for event in self.by_kind["deleted"]:
            transfers[event["transfer"]].deleted = event["t"]
        self.posts_of = collections.defaultdict(list)   # serial -> its POSTs
        self.posts_to = collections.defaultdict(list)   # device -> POSTs of requests
        for post in self.posts:
            if post.serial is not None:
                self.posts_of[post.serial].append(post)
                self.posts_to[post.device].append(post)
        told = {}
        for event in self.by_kind["uplink_answer"]:
            told.setdefault(event["uplink"], event["t"])
        # serial -> when its device answered, and until when that may not have been told the adapter
        self.answers_of = collections.defaultdict(list)
        for event in self.by_kind["uplink"]:
            if event.get("serial") is not None:
                self.answers_of[event["serial"]].append(
                    (event["t"], told.get(event["uplink"], float("inf"))))
        configurations = {e["id"]: e["device"] for e in self.by_kind["configuration"]}
        self.lists_of = collections.defaultdict(list)   # device -> when its pending were listed
        for event in self.by_kind["list"]:
            self.lists_of[configurations.get(event["configuration"])].append(event["t"])
        self.reached = {e["serial"] for e in self.by_kind["air"]}
        self.reached |= {e["serial"] for e in self.by_kind["status"] if e["status"][0] == "S"}

    def _read_end(self):
        self.final = self.by_kind["final"][-1] if self.by_kind["final"] else None
        self.settled = self.by_kind["settled"][-1] if self.by_kind["settled"] else None
        self.timelines = {e["id"]: e["items"] for e in self.by_kind["timeline"]}
        self.messages = self.final["messages"] if self.final else []
        self.message_by_id = {m["id"]: m for m in self.messages}
        self.messages_of = collections.defaultdict(list)
        for message in self.messages:
            serial = serial_in(message.get("request") or "")
            if serial is not None:
                self.messages_of[serial].append(message)

    def expiry_of(self, serial):
        """Unix time; None if its message is not known."""
        known = self.messages_of.get(serial)
        return unix_time(known[0]["expiresAt"]) if known else None

    def is_late(self, post):
        """Whether it arrived after the TTL of its message: submitted before, and slow on its way."""
        expiry = self.expiry_of(post.serial)
        return expiry is not None and post.w > expiry

    def was_killed_between(self, begin, end):
        at = bisect.bisect_right(self.kills, begin)
        return at < len(self.kills) and self.kills[at] < end

    def allowance(self, t):
        """Seconds by which an arrival may be noted late on a machine that has other things to do: some,
        and how late the peers themselves and their disk were."""
        times, seconds = self._lags
        low, high = bisect.bisect_left(times, t - 5), bisect.bisect_right(times, t + 5)
        return 3.0 + sum(seconds[low:high])


def labels(gauge):
    """`name{a="b"}` as (name, {"a": "b"})."""
    name, _, rest = gauge.partition("{")
    return name, dict(re.findall(r'(\w+)="([^"]*)"', rest))
