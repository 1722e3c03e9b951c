"""The admin API against its own description: every route called, every body judged."""

import copy
import sys
import unittest

from e2e import DOMAIN, StackTest
from stack import call, eventually

try:
    from openapi import Client, Description, mistakes
except ImportError:
    print("skipped: python3-jsonschema is not installed (scripts/setup --test installs it)")
    sys.exit(77)

READ = "QAEAALEzATABMA=="  # GET /3/0/0
NOBODY = f"nobody@{DOMAIN}"
NO_MESSAGE = "019b8f3a-7c40-7000-8000-0123456789ab"


class Contract(StackTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = cls.stack.adapter_call("GET", "/openapi.json")[1]
        cls.description = Description(cls.document)
        cls.api = Client(cls.stack.api, cls.description, cls.stack.tokens["admin"])

    def device(self, name, **fields):
        external_id = f"{name}@{DOMAIN}"
        body = {"externalId": external_id, "profile": "always-on", **fields}
        self.api.call("POST", "/devices", body, expect=201)
        eventually("configured", lambda: self.stack.device(external_id)["niddConfiguration"]
                   ["status"] == "ACTIVE")
        return external_id

    def dead_letter(self, external_id):
        """A message that the network has no room for, and that may be tried once."""
        ue = f"{self.stack.scef_control}/ues/{external_id}"
        self.assertLess(call("PATCH", ue, {"state": "detached", "buffer": {"enabled": False}})[0], 300)
        message = self.api.call("POST", "/devices/{externalId}/messages",
                                {"payload": READ, "maxAttempts": 1}, expect=201,
                                externalId=external_id)
        eventually("it is dead", lambda: self.state(message["id"]) == "DEAD")
        return message["id"]

    def state(self, message):
        return self.api.call("GET", "/messages/{id}", id=message)["state"]

    # ---- The description itself

    def test_the_description_is_openapi_3_1(self):
        self.assertEqual(mistakes(self.document), [])

    def test_the_judge_finds_mistakes(self):
        def broken(change):
            document = copy.deepcopy(self.document)
            change(document)
            return mistakes(document)

        self.assertTrue(broken(lambda d: d.pop("info")))
        self.assertTrue(broken(lambda d: d["paths"].update({"devices": {}})))
        self.assertTrue(broken(lambda d: d["paths"]["/devices"]["get"].pop("responses")))
        self.assertTrue(broken(lambda d: d["paths"]["/devices/{externalId}"].pop("parameters")))
        self.assertTrue(broken(lambda d: d["components"]["schemas"]["Device"].update(type="thing")))
        self.assertTrue(broken(lambda d: d["paths"]["/devices"]["get"].update(operationId="showDevice")
                               or d["paths"]["/devices"]["post"].update(operationId="showDevice")))
        with self.assertRaises(AssertionError):
            self.description.judge({"$ref": "#/components/schemas/NewMessage"}, {"ttl": "1h"}, "")

    # ---- Every route

    def test_every_route_is_called_and_keeps_its_word(self):
        self.devices()
        self.messages()
        self.dead_letters()
        self.groups()
        self.quotas_and_scefs()
        self.events()
        self.api.call("POST", "/store/backups", expect=201)
        self.api.call("GET", "/store/backups")
        for path in ("/openapi.json", "/healthz", "/readyz", "/metrics"):
            self.api.call("GET", path)
        there_are = {(method, path) for method, path, _, _ in self.description.operations()}
        self.assertEqual(there_are - self.description.used, set(), "never called")

    def devices(self):
        api = self.api
        one = self.device("contract-1", groups=["north"], quota={"downlink": {"messages": "60/hour"}})
        api.call("POST", "/devices", {"externalId": one, "profile": "nb-iot"}, expect=409)
        api.call("POST", "/devices", {"profile": 7}, expect=400)
        api.call("GET", "/devices", query={"limit": 1})
        api.call("GET", "/devices", query={"cursor": "x"}, expect=400)
        api.call("GET", "/devices/{externalId}", externalId=one)
        api.call("GET", "/devices/{externalId}", externalId=NOBODY, expect=404)
        api.call("PUT", "/devices/{externalId}", {"profile": "always-on", "groups": ["north"]},
                 externalId=one)
        api.call("POST", "/devices/{externalId}:pause", externalId=one)
        api.call("POST", "/devices/{externalId}:resume", externalId=one)
        api.call("POST", "/devices/{externalId}:wake", externalId=one)
        api.call("GET", "/devices/{externalId}/capture", externalId=one)
        api.call("POST", "/devices/{externalId}:trace", {"duration": "1m"}, externalId=one)
        api.call("POST", "/devices/{externalId}:trace", {"duration": "soon"}, externalId=one, expect=400)
        other = self.device("contract-2")
        api.call("DELETE", "/devices/{externalId}", externalId=other, expect=204)
        api.call("DELETE", "/devices/{externalId}", externalId=other, expect=404)
        self.one = one

    def messages(self):
        api, one = self.api, self.one
        api.call("POST", "/devices/{externalId}:pause", externalId=one)
        path = "/devices/{externalId}/messages"
        key = {"Idempotency-Key": "k"}
        body = {"payload": READ, "ttl": "10m", "priority": "high", "correlationId": "c"}
        message = api.call("POST", path, body, expect=201, headers=key, externalId=one)["id"]
        again = api.call("POST", path, body, headers=key, externalId=one)
        self.assertEqual(again["id"], message)
        api.call("POST", path, {"payload": READ}, expect=422, headers=key, externalId=one)
        api.call("POST", path, {"payload": "?"}, expect=400, externalId=one)
        api.call("POST", path, {"payload": READ, "rds": {"portUE": 1, "portSCEF": 1}}, expect=400,
                 externalId=one)
        api.call("POST", path, {"payload": READ}, expect=404, externalId=NOBODY)
        api.call("GET", path, query={"state": "QUEUED"}, externalId=one)
        api.call("GET", "/messages", query={"limit": 2})
        api.call("GET", "/messages/{id}", id=message)
        api.call("GET", "/messages/{id}", id=NO_MESSAGE, expect=404)
        api.call("GET", "/messages/{id}/timeline", id=message)
        api.call("POST", "/messages:dryRun", {"externalId": one, **body})
        batch = api.call("POST", "/messages:batch", {"items": [
            {"externalId": one, "payload": READ, "idempotencyKey": "b"},
            {"externalId": NOBODY, "payload": READ}]})
        self.assertEqual([item["status"] for item in batch["items"]], [201, 404])
        api.call("POST", "/messages:batch", {"items": []}, expect=400)
        api.call("PUT", path, {"payload": READ}, expect=201, externalId=one)
        api.call("DELETE", "/messages/{id}", id=message, expect=409)
        last = api.call("POST", path, {"payload": READ}, expect=201, externalId=one)["id"]
        api.call("DELETE", "/messages/{id}", id=last)
        api.call("DELETE", path, externalId=one)
        api.call("POST", "/devices/{externalId}:resume", externalId=one)

    def dead_letters(self):
        api = self.api
        one = self.device("contract-dead")
        first, second = self.dead_letter(one), self.dead_letter(one)
        call("PATCH", f"{self.stack.scef_control}/ues/{one}", {"buffer": {"enabled": True}})
        page = api.call("GET", "/deadletters", query={"externalId": one, "replayed": "false"})
        self.assertEqual({letter["id"] for letter in page["items"]}, {first, second})
        path = "/deadletters/{id}:replay"
        again = api.call("POST", path, {"ttl": "1h"}, expect=201, id=first)
        self.assertEqual(api.call("POST", path, id=first)["id"], again["id"])
        api.call("POST", path, id=NO_MESSAGE, expect=404)
        many = api.call("POST", "/deadletters:replay", {"externalId": one})
        self.assertEqual([(item["id"], item["status"]) for item in many["items"]], [(second, 201)])
        api.call("POST", "/deadletters:replay", {}, expect=400)
        api.call("POST", path, id=again["id"], expect=409)

    def groups(self):
        api = self.api
        members = [self.device(f"contract-g{i}") for i in range(3)]
        path = "/groups/{externalGroupId}"
        api.call("GET", path, externalGroupId="contract", expect=404)
        changed = api.call("PUT", path, {"members": members + [NOBODY], "pacing": {"perSecond": 50}},
                           externalGroupId="contract")
        self.assertEqual(changed["members"], 3)
        page = api.call("GET", path, query={"limit": 2}, externalGroupId="contract")
        api.call("GET", path, query={"cursor": page["next"]}, externalGroupId="contract")
        body = {"payload": READ, "ttl": "1h", "mode": "fanout"}
        key = {"Idempotency-Key": "g"}
        sent = api.call("POST", path + "/messages", body, expect=202, headers=key,
                        externalGroupId="contract")
        self.assertEqual(api.call("POST", path + "/messages", body, headers=key,
                                  externalGroupId="contract")["id"], sent["id"])
        api.call("POST", path + "/messages", {"payload": READ, "mode": "native"}, expect=400,
                 externalGroupId="contract")
        results = lambda: api.call("GET", path + "/messages/{id}/results",
                                   externalGroupId="contract", id=sent["id"])
        eventually("fanned out", lambda: results()["fanOut"] == "done")
        self.assertEqual({item["externalId"] for item in results()["items"]}, set(members))
        one = {"externalGroupId": "contract", "id": sent["id"]}
        api.call("DELETE", path + "/messages/{id}", **{**one, "id": self.one}, expect=404)
        api.call("DELETE", path + "/messages/{id}", expect=202, **one)
        eventually("canceled", lambda: results()["fanOut"] == "canceled")
        api.call("DELETE", path + "/messages/{id}", **one)
        api.call("DELETE", path, externalGroupId="contract", expect=204)

    def quotas_and_scefs(self):
        api, scope = self.api, "device:" + self.one
        api.call("GET", "/quotas/{scope}", scope="account")
        api.call("PUT", "/quotas/{scope}", {"quota": "default"}, scope=scope)
        api.call("PUT", "/quotas/{scope}", {"quota": "none such"}, scope=scope, expect=400)
        api.call("GET", "/quotas/{scope}/usage", scope="account")
        api.call("GET", "/scefs")
        api.call("POST", "/scefs/{name}:doctor", {"externalId": f"probe@{DOMAIN}"}, expect=202,
                 name="operator-a")
        eventually("examined", lambda: not api.call("GET", "/scefs/{name}:doctor",
                                                    name="operator-a")["running"], 60)

    def events(self):
        api = self.api
        page = api.call("GET", "/events", query={"since": "10m", "limit": 3},
                        headers={"Accept": "application/json"})
        self.assertEqual(len(page["items"]), 3)
        api.call("GET", "/events", query={"type": "gossip"}, expect=400)
        hook = api.call("POST", "/webhooks", {"url": "http://127.0.0.1:9/hook"}, expect=201)["id"]
        api.call("POST", "/webhooks", {"url": "gopher://127.0.0.1"}, expect=400)
        api.call("GET", "/webhooks")
        api.call("GET", "/webhooks/{id}", id=hook)
        api.call("POST", "/webhooks/{id}:replay", {"since": "10m"}, expect=200, id=hook)
        api.call("DELETE", "/webhooks/{id}", id=hook, expect=204)
        api.call("GET", "/webhooks/{id}", id=hook, expect=404)
        entries = api.call("GET", "/audit", query={"limit": 5})["items"]
        self.assertEqual(len(entries), 5)


if __name__ == "__main__":
    unittest.main(verbosity=2)
