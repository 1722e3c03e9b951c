"""Quotas of a running adapter with several shards and workers: set, asked for, kept over a crash."""

import json
import unittest
import urllib.parse

from e2e import DOMAIN, StackTest
from stack import eventually

ACCOUNT = "/quotas/account"
THREE = {"downlink": {"messages": "3/hour", "burst": 3}, "emergency_reserve": "0%"}
DEVICES = [f"meter-{i}@{DOMAIN}" for i in range(8)]
STRICT = f"strict@{DOMAIN}"


class Quotas(StackTest):
    extra = "workers: 2\nquotas: {strict: {downlink: {messages: 1/hour}, on_exhausted: reject}}\n"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for external_id in [*DEVICES, STRICT]:
            cls.stack.provision(external_id, profile="always-on", mode="opaque")
            eventually("configured", lambda one=external_id: cls.stack.device(one)
                       ["niddConfiguration"]["status"] == "ACTIVE")

    def messages(self, external_id):
        return "/devices/" + urllib.parse.quote(external_id) + "/messages"

    def send(self, external_id):
        status, message = self.stack.adapter_call("POST", self.messages(external_id),
                                                  {"payload": "AQID", "contentFormat": "opaque"})
        self.assertEqual(status, 201, message)
        return message["id"]

    def quota(self, scope="account"):
        status, quota = self.stack.adapter_call("GET", "/quotas/" + urllib.parse.quote(scope))
        self.assertEqual(status, 200, quota)
        return quota

    def states(self, ids):
        """How many of the messages have left, and how many wait for a quota."""
        found = [self.stack.adapter_call("GET", "/messages/" + one)[1] for one in ids]
        waiting = [one for one in found if (one["state"], one["reason"]) == ("QUEUED", "quota")]
        return len([one for one in found if one["attempts"] > 0]), len(waiting)

    def ctl(self, *arguments):
        done = self.stack.ctl(*arguments)
        return done.returncode, done.stdout + done.stderr

    def test_a_quota_of_all_is_set_in_every_shard_and_outlives_a_kill(self):
        shards = {self.stack.device(one)["endpoints"][0]["address"].rsplit(":", 1)[1]
                  for one in DEVICES}
        self.assertGreater(len(shards), 2)
        status, quota = self.stack.adapter_call("PUT", ACCOUNT, THREE)
        self.assertEqual((status, quota["source"], quota["quota"]), (200, "api", THREE))
        ids = [self.send(one) for one in DEVICES]
        eventually("three have left, five wait", lambda: self.states(ids) == (3, 5))
        items = self.stack.adapter_call("GET", f"/messages/{ids[-1]}/timeline")[1]["items"]
        self.assertIn("account: 3 messages per hour, 3 at once", [i["detail"] for i in items])

        self.stack.adapter.kill()
        self.stack.start_adapter()
        quota = self.quota()
        self.assertEqual((quota["source"], quota["quota"]), ("api", THREE))
        limit = quota["downlink"]["configured"][0]
        self.assertEqual((limit["used"], limit["remaining"]), (3, 0))
        self.assertEqual(quota["downlink"]["totals"]["messages"], 3)
        self.assertEqual(self.states(ids), (3, 5))

        code, text = self.ctl("quota", "show", "account")
        self.assertEqual(code, 0, text)
        self.assertIn("3 messages per hour, 3 at once", text)
        status, quota = self.stack.adapter_call("PUT", ACCOUNT, {"quota": None})
        self.assertEqual((status, quota["quota"], quota["source"]), (200, None, "configuration"))
        eventually("all have left", lambda: self.states(ids) == (8, 0))

    def test_a_device_is_given_limits_that_reject(self):
        external_id = STRICT
        scope = "device:" + external_id
        code, text = self.ctl("quota", "set", scope, "--quota", "strict")
        self.assertEqual(code, 0, text)
        self.assertEqual(self.quota(scope)["onExhausted"], "reject")
        send = ("messages", "dry-run", external_id, "--payload-base64", "AQID", "--opaque")
        self.assertEqual(self.ctl(*send)[0], 0)
        self.send(external_id)
        code, text = self.ctl("--json", *send)
        self.assertEqual(code, 1, text)
        verdict = json.loads(text)
        self.assertEqual(verdict["refusedBy"]["scope"], scope)
        status, problem = self.stack.adapter_call("POST", self.messages(external_id),
                                                  {"payload": "AQID", "contentFormat": "opaque"})
        self.assertEqual((status, problem["cause"], problem["scope"]),
                         (429, "QUOTA_EXCEEDED", scope))
        code, text = self.ctl("quota", "set", scope, "--default")
        self.assertEqual(code, 0, text)
        self.send(external_id)


if __name__ == "__main__":
    unittest.main(verbosity=2)
