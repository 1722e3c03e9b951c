"""Quotas of a device and of many, against a SCEF whose own rate control is tighter or looser."""

import base64
import datetime
import unittest
import urllib.parse

from e2e import DOMAIN, StackTest, coap, uri_path
from stack import call, eventually

GET = 1

EXTRA = """\
profiles: {nb-iot: {reachability: always}}
quotas:
  loose: {downlink: {messages: 600/minute, burst: 20}, emergency_reserve: 0%}
  tight: {downlink: {messages: 30/minute, burst: 1}, emergency_reserve: 0%}
  together: {downlink: {messages: 30/minute, burst: 3}, emergency_reserve: 0%}
quota_scopes: {groups: {meters: together}}
"""


def read(number):
    frame = coap(0, GET, 0, options=uri_path("3", "0", str(number)))
    return base64.b64encode(frame).decode()


class Quota(StackTest):
    extra = EXTRA

    def setUp(self):
        self.messages = []

    def device(self, name, modems=True, **fields):
        external_id = f"{name}@{DOMAIN}"
        self.stack.provision(external_id, **fields)
        if modems:
            self.stack.start_modems("--device", external_id, label=f"modem-{name}")
            eventually("registered", lambda: name in self.stack.clients())
        return external_id

    def enqueue(self, external_id, count):
        path = "/devices/" + urllib.parse.quote(external_id) + "/messages"
        for number in range(count):
            status, message = self.stack.adapter_call("POST", path, {"payload": read(number)})
            self.assertEqual(status, 201, message)
            self.messages.append(message["id"])

    def delivered(self):
        states = [self.stack.adapter_call("GET", "/messages/" + m)[1]["state"]
                  for m in self.messages]
        return states.count("DELIVERED")

    def all_are_delivered(self, seconds):
        eventually("all are delivered", lambda: self.delivered() == len(self.messages), seconds, 0.2)

    def refusals(self, external_id):
        """How often the SCEF said no to a delivery of the device."""
        entries = self.stack.frames(external_id, "t8-answer")
        return sum(1 for entry in entries if entry["detail"].get("status") in (403, 429))

    def gets(self, external_ids):
        """When each request went on the air, in seconds."""
        times = []
        for external_id in external_ids:
            for frame in self.stack.frames(external_id):
                octets = bytes.fromhex(frame["detail"].get("data", frame["detail"].get("hex", "")))
                if octets[1] == GET:
                    times.append(seconds_of(frame["time"]))
        return sorted(times)

    def keeps(self, times, per_minute, burst, slack=0.15):
        """In any window no more than the rate lets pass; the SCEF sees frames a little later than they left."""
        for first, begin in enumerate(times):
            for last in range(first, len(times)):
                allowed = burst + (times[last] - begin + slack) * per_minute / 60
                self.assertLessEqual(last - first + 1, allowed, times)

    def limit_at_the_scef(self, external_id, rate):
        path = f"{self.stack.scef_control}/ues/{urllib.parse.quote(external_id)}"
        status, answer = call("PATCH", path, {"rateControl": {"apnDownlink": rate}})
        self.assertLess(status, 300, answer)

    def test_a_scef_that_is_tighter_is_waited_for_and_loses_nothing(self):
        external_id = self.device("tighter", quota="loose")
        self.limit_at_the_scef(external_id, "10/minute")
        self.enqueue(external_id, 25)
        self.all_are_delivered(100)
        self.assertEqual(len(self.gets([external_id])), 25, "each once")
        self.assertGreater(self.refusals(external_id), 0, "the SCEF never said no")
        self.assertLess(self.refusals(external_id), 20, "it was asked again and again")

    def test_a_scef_that_is_looser_never_says_no(self):
        external_id = self.device("looser", quota="tight")
        self.limit_at_the_scef(external_id, "100/minute")
        self.enqueue(external_id, 5)
        self.all_are_delivered(30)
        self.assertEqual(self.refusals(external_id), 0)
        self.keeps(self.gets([external_id]), 30, 1)

    def test_a_group_keeps_its_limit_over_shards_and_a_kill(self):
        devices = [self.device(f"meter{i}", groups=["meters"]) for i in range(5)]
        for external_id in devices:
            self.enqueue(external_id, 2)
        eventually("the burst is gone", lambda: len(self.gets(devices)) >= 3)
        self.stack.adapter.kill()
        self.stack.start_adapter()
        self.all_are_delivered(60)
        times = self.gets(devices)
        self.assertEqual(len(times), 10, "each once")
        self.keeps(times, 30, 3)


def seconds_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


if __name__ == "__main__":
    unittest.main(verbosity=2)
