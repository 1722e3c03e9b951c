"""LwM2M over cellular LPWAN: Table 11 (LPW-1 to -6) and the labels of Appendix C that go further."""

import base64
import json
import urllib.parse
import urllib.request

from chain import SLEEPY, ChainTest, main
from coap_peer import (ACK, CON, CONTENT_FORMAT, GET, MAX_AGE, NO_RESPONSE, NON, POST, PUT, TTL,
                       Message, decode, number, target)
from stack import call, eventually

EXTRA = SLEEPY + """\
quotas:
  rate: {downlink: {messages: 10/minute, burst: 2}, emergency_reserve: 0%}
  octets: {downlink: {bytes: 60B/day}, emergency_reserve: 0%, on_exhausted: reject}
  reject: {downlink: {messages: 600/minute, burst: 50}, on_exhausted: reject}
  counted: {uplink: {messages: 1/hour, burst: 1}}
"""


def frame(method, path, payload=b""):
    """A CoAP request for the admin API, which sets message id and token."""
    return base64.b64encode(Message(CON, method, 0, b"", target(path), payload).encode()).decode()


class Lpwan(ChainTest):
    extra = EXTRA

    def without_identity(self, body):
        self.assertFalse({"msisdn", "imsi", "ipv4Addr", "ipv6Addr"} & set(body), body)

    def custody(self, asked):
        """The empty ACK is there sooner than a server repeats its request (RFC 7252 4.8)."""
        ack = self.own.receive(lambda m: m.kind == ACK and m.mid == asked.mid, 2)
        self.assertEqual((ack.code, ack.token), (0, b""))

    # ---- The External Identifier

    def test_LPW_1_LPW_001_a_device_is_known_by_its_external_identifier_alone(self):
        first, second = self.hand_made("ext-a"), self.hand_made("ext-b")
        self.register(first)
        peer = self.register(second).peer
        self.assertEqual(peer, second.address["own"], "the server knows a device by its address")
        self.assertNotEqual(first.address["own"], second.address["own"])
        self.ask(self.own, second, GET, "/3/0/0", content=b"of b")
        self.assertEqual(self.requests(first.external_id), [], "a frame went to the wrong device")
        for request in self.t8(second.external_id):
            if request["method"] == "POST":
                self.assertEqual(request["body"]["externalId"], second.external_id)
                self.without_identity(request["body"])

    def test_LPW_1_an_endpoint_name_that_is_not_the_identifiers_own_is_refused(self):
        device = self.hand_made("ext-c")
        self.register(device)
        stranger = device.request(POST, "/rd?ep=ext-d&lt=300&lwm2m=1.1&b=N")
        self.assertEqual(device.answer_to(stranger).text, "4.00")
        self.assertIsNone(self.own.wait(lambda m: "ep=ext-d" in m.query), "the server was told")

    # ---- Delayed and no acknowledgement

    def test_LPW_2_LPW_002_the_answer_of_a_sleeping_device_comes_when_it_wakes(self):
        device = self.hand_made("late", state="psm")
        self.register(device)
        self.falls_asleep(device.external_id)
        before = len(self.frames(device.external_id))
        asked = self.own.request(GET, "/3/0/0", to=device.address["own"])
        self.custody(asked)
        self.own.send(asked, device.address["own"])  # a repetition is absorbed
        self.custody(asked)
        self.assertEqual(len(self.frames(device.external_id)), before, "a frame to a sleeping device")
        self.update(device)
        seen = device.request_for(GET, "/3/0/0")
        device.answer(seen, "2.05", payload=b"awake")
        answer = self.own.receive(lambda m: m.token == asked.token)
        self.own.acknowledge(answer)
        self.assertEqual((answer.kind, answer.text, answer.payload, answer.peer),
                         (CON, "2.05", b"awake", device.address["own"]))
        self.assertIsNone(device.wait(lambda m: m.is_request), "it was asked twice")

    def test_LPW_2_what_wants_no_acknowledgement_costs_none_on_the_air(self):
        device = self.hand_made("no-ack")
        self.register(device)
        self.own.request(POST, "/3/0/12", [(NO_RESPONSE, number(26))], kind=NON,
                         to=device.address["own"])
        self.assertEqual(device.receive(lambda m: m.is_request).kind, NON)
        eventually("it is delivered", lambda: [m for m in self.messages(device.external_id)
                                               if m["state"] == "DELIVERED"])
        down = len(self.frames(device.external_id))
        sent = device.request(POST, "/dp", payload=b"[]", kind=NON)
        arrived = self.own.request_for(POST, "/dp", device.address["own"])
        self.assertEqual(arrived.meaning, sent.meaning)
        self.own.acknowledge(arrived)
        self.assertIsNone(device.wait(), "a NON was answered")
        self.assertEqual(len(self.frames(device.external_id)), down)

    # ---- Waking by External Identifier

    def test_LPW_3_a_sleeping_device_is_woken_by_an_sms_to_its_external_identifier(self):
        external_id, _ = self.client("sms", state="psm")
        self.falls_asleep(external_id)
        status, _ = self.stack.adapter_call(
            "POST", f"/devices/{urllib.parse.quote(external_id)}:wake")
        self.assertLess(status, 300)
        eventually("the device updates its registration",
                   lambda: self.stack.server_events("sms", "UPDATE"))
        asked = [r for r in self.t8(external_id) if r["operation"] == "trigger"]
        self.assertEqual([r["method"] for r in asked], ["POST"])
        self.assertEqual(asked[0]["body"]["externalId"], external_id)
        self.without_identity(asked[0]["body"])
        payload = base64.b64decode(asked[0]["body"]["triggerPayload"])
        self.assertIn(b"\xb1" + b"1\x010\x018", payload)  # Execute of /1/0/8
        eventually("the adapter knows", lambda: self.stack.device(external_id)["wakeUp"]["result"]
                   == "SUCCESS")

    # ---- Many devices at once

    def sleepers(self, *names, **fields):
        """Devices that are registered, and awake."""
        devices = [self.hand_made(name, **fields) for name in names]
        for device in devices:
            self.register(device)
        return devices

    def hears(self, device, *bodies):
        """The device gets these payloads in this order, one at a time, and answers."""
        for body in bodies:
            seen = device.request_for(PUT, "/1/0/1")
            self.assertEqual(seen.payload, body)
            device.answer(seen, "2.04")

    def test_HTT_002_one_http_request_brings_coap_payloads_to_several_devices(self):
        first, second = self.sleepers("batch-a", "batch-b")
        wanted = [(first, b"101"), (second, b"201"), (first, b"102"), (second, b"202")]
        status, answer = self.stack.adapter_call("POST", "/messages:batch", {"items": [
            {"externalId": device.external_id, "payload": frame(PUT, "/1/0/1", body)}
            for device, body in wanted] + [
            {"externalId": first.external_id, "payload": "no base64"}]})
        self.assertEqual(status, 200)
        self.assertEqual([item["status"] for item in answer["items"]], [201] * 4 + [400])
        self.hears(first, b"101", b"102")
        self.hears(second, b"201", b"202")
        for item, (device, _) in zip(answer["items"], wanted):
            message = eventually("its answer", lambda one=item["id"]: (
                lambda m: m if m["state"] == "DELIVERED" else None)(self.message(one)))
            self.assertEqual((message["externalId"], message["response"]["code"]),
                             (device.external_id, "2.04"))

    def test_LPW_006_a_message_to_a_group_reaches_each_of_its_devices_once(self):
        devices = self.sleepers("group-a", "group-b", "group-c", groups=["meters"])
        before = {device: len(self.deliveries(device.external_id)) for device in devices}
        status, sent = self.stack.adapter_call(
            "POST", "/groups/meters/messages", {"payload": frame(PUT, "/1/0/1", b"300")})
        self.assertEqual((status, sent["members"]), (202, 3))
        for device in devices:
            self.hears(device, b"300")
        path = f"/groups/meters/messages/{sent['id']}/results"
        results = eventually("all have answered", lambda: (
            lambda r: r if r["counts"] == {"DELIVERED": 3} else None)(
                self.stack.adapter_call("GET", path)[1]))
        self.assertEqual({(i["externalId"], i["level"]) for i in results["items"]},
                         {(device.external_id, "coap") for device in devices})
        for device in devices:
            self.assertIsNone(device.wait(lambda m: m.is_request), "it was asked twice")
            self.assertEqual(len(self.deliveries(device.external_id)), before[device] + 1)

    # ---- The SCEF's interface and message identity

    def test_LPW_4_LPW_005_octets_are_routed_by_the_scefs_nidd_interface(self):
        device = self.hand_made("nidd")
        self.register(device)
        made = self.t8(device.external_id)[0]
        self.assertEqual((made["method"], made["body"]["externalId"]), ("POST", device.external_id))
        self.assertTrue(made["path"].endswith("/3gpp-nidd/v1/lwm2m-dm/configurations"))
        seen = self.ask(self.own, device, PUT, "/1/0/1", [(CONTENT_FORMAT, b"")], b"600", "2.04")
        delivery = self.deliveries(device.external_id)[-1]
        self.assertEqual(base64.b64decode(delivery["data"]), seen.encode())
        told = [n["body"] for n in self.t8(device.external_id, "notification")
                if n["notification"] == "uplink"]
        self.assertEqual(base64.b64decode(told[-1]["data"])[1], 0x44)  # the device's 2.04
        answers = self.t8(device.external_id, "notification-answer")
        self.assertEqual({a["status"] for a in answers}, {204})

    def test_LPW_003_LPW_4_each_message_is_one_transfer_of_the_scef_also_after_a_crash(self):
        external_id, modem = self.client("identity", state="psm")
        self.falls_asleep(external_id)
        sent = [self.send(external_id, frame(PUT, "/1/0/1", str(lifetime).encode()),
                          sendMode="now")[1]["id"] for lifetime in (401, 402)]
        self.assertEqual(len(set(sent)), 2)
        eventually("the SCEF holds one", lambda: self.message(sent[0])["state"] == "ACCEPTED")
        transfer = self.message(sent[0])["scef"]["transferId"]
        self.stack.adapter.kill()
        self.stack.start_adapter()
        self.assertEqual(self.message(sent[0])["scef"]["transferId"], transfer)
        self.stack.modem_act(modem, external_id, "update")
        for message_id in sent:
            eventually("it is delivered", lambda m=message_id: self.message(m)["state"] == "DELIVERED")
            self.assertEqual(self.message(message_id)["response"]["code"], "2.04")
        told = [n["body"] for n in self.t8(external_id, "notification")
                if n["notification"] == "delivery-status"]
        self.assertEqual([t["deliveryStatus"] for t in told
                          if t["niddDownlinkDataTransfer"].endswith("/" + transfer)],
                         ["SUCCESS_NEXT_HOP_ACKNOWLEDGED"])
        puts = [f for f in self.requests(external_id) if f.code == PUT]
        self.assertEqual([f.payload for f in puts], [b"401", b"402"], "each once, in order")
        self.assertEqual(len({f.mid for f in puts}), 2)

    def test_HTT_004_a_message_that_is_handed_in_twice_is_one_message(self):
        external_id, _ = self.client("twice")
        body, key = frame(PUT, "/1/0/1", b"411"), {"Idempotency-Key": "meter-411"}
        status, first = self.send(external_id, body, key)
        self.assertEqual(status, 201)
        status, second = self.send(external_id, body, key)
        self.assertEqual((status, second["id"]), (200, first["id"]))
        self.assertEqual(self.send(external_id, frame(PUT, "/1/0/1", b"412"), key)[0], 422)
        eventually("it is delivered", lambda: self.message(first["id"])["state"] == "DELIVERED")
        puts = [f.payload for f in self.requests(external_id) if f.code == PUT]
        self.assertEqual(puts, [b"411"])

    def test_HTT_003_what_becomes_of_messages_comes_as_a_stream(self):
        external_id, _ = self.client("streamed")
        request = urllib.request.Request(
            f"{self.stack.api}/api/v1/events?externalId={urllib.parse.quote(external_id)}",
            headers={"Accept": "text/event-stream", **self.stack.authorization("read")})
        with urllib.request.urlopen(request, timeout=60) as stream:
            sent = [self.send(external_id, frame(PUT, "/1/0/1", payload))[1]["id"]
                    for payload in (b"421", b"422")]
            told = []
            while len(told) < 2:
                field, _, value = stream.readline().decode().rstrip("\n").partition(": ")
                if field == "data" and json.loads(value)["type"] == "message":
                    told.append(json.loads(value))
        self.assertEqual([event["messageId"] for event in told], sent)
        self.assertEqual({event["response"]["code"] for event in told}, {"2.04"})

    # ---- Time to live

    def test_LPW_5_a_request_that_is_too_old_never_reaches_the_device(self):
        device = self.hand_made("ttl", state="psm")
        self.register(device)
        self.falls_asleep(device.external_id)
        asked = self.own.request(GET, "/3/0/0", [(TTL, number(2))], to=device.address["own"])
        self.custody(asked)
        expired = self.own.answer_to(asked, 60)  # without a time to live it would take two minutes
        self.assertEqual(expired.text, "5.04")
        kept = self.own.request(GET, "/3/0/1", [(TTL, number(60))], to=device.address["own"])
        self.custody(kept)
        self.update(device)
        seen = device.receive(lambda m: m.is_request)
        self.assertEqual((seen.path, seen.all(TTL)), ("/3/0/1", []), "the other one is in time")
        device.answer(seen, "2.05", payload=b"in time")
        self.assertEqual(self.own.answer_to(kept).payload, b"in time")
        self.assertEqual([f.path for f in self.requests(device.external_id)], ["/3/0/1"])

    def test_LPW_007_the_scef_is_told_how_long_and_discards_what_is_too_old(self):
        external_id, modem = self.client("latency", state="psm")
        self.falls_asleep(external_id)
        old = self.send(external_id, frame(PUT, "/1/0/1", b"421"), sendMode="now", ttl=3)[1]["id"]
        eventually("the SCEF holds it", lambda: self.message(old)["state"] == "ACCEPTED", 2)
        self.assertIn(self.deliveries(external_id)[-1]["maximumLatency"], (2, 3))
        eventually("it is expired", lambda: self.message(old)["state"] == "EXPIRED", 6)
        ue = call("GET", f"{self.stack.scef_control}/ues/{urllib.parse.quote(external_id)}")[1]
        self.assertEqual(ue["buffered"], 0, ue)
        self.stack.modem_act(modem, external_id, "update")
        eventually("the device was awake", lambda: self.stack.server_events("latency", "UPDATE"))
        self.assertEqual([f for f in self.requests(external_id) if f.code == PUT], [])

    # ---- Quotas

    def test_LPW_6_LPW_008_a_rate_holds_for_one_device_and_for_no_other(self):
        limited, _ = self.client("rate", quota="rate")
        self.client("free")
        spent = len(self.requests(limited))
        ids = [self.send(limited, frame(GET, f"/3/0/{n}"))[1]["id"] for n in range(4)]
        eventually("the second waits for the quota",
                   lambda: self.message(ids[1])["reason"] == "quota")
        went = len(self.requests(limited)) - spent
        self.assertEqual(went, 1, "of the burst of 2 the answer to the Register had one")
        self.assertEqual(self.stack.operate("free", "read", path="/3/0/0")["code"], "2.05")
        self.assertEqual(len(self.requests(limited)) - spent, went)
        eventually("the next one goes by itself", lambda: len(self.requests(limited)) - spent > went)

    def test_LPW_6_LPW_008_octets_hold_for_one_device_and_are_rejected_by_policy(self):
        device = self.hand_made("octets", quota="octets")
        self.register(device)
        self.ask(self.own, device, PUT, "/1/0/1", payload=b"x" * 30, answer="2.04")
        frames = len(self.frames(device.external_id))
        refused = self.own.request(PUT, "/1/0/1", payload=b"y" * 30, to=device.address["own"])
        answer = self.own.answer_to(refused)
        self.assertEqual(answer.text, "4.29")
        self.assertGreater(answer.uint(MAX_AGE), 0)
        self.assertEqual(len(self.frames(device.external_id)), frames)

    def test_LPW_6_uplinks_are_counted_and_never_held_back(self):
        device = self.hand_made("counted", quota="counted")
        self.register(device)
        before = self.metric("uplink_over_quota_total")
        sent = device.request(POST, "/dp", payload=b"more")
        self.own.answer(self.own.request_for(POST, "/dp", device.address["own"]), "2.04")
        self.assertEqual(device.answer_to(sent).text, "2.04")
        self.assertGreater(self.metric("uplink_over_quota_total"), before)

    def test_LPW_009_what_the_scef_says_of_its_quota_reaches_the_server_that_asks(self):
        device = self.hand_made("told", quota="reject")
        self.register(device)
        ue = f"{self.stack.scef_control}/ues/{urllib.parse.quote(device.external_id)}"
        call("PATCH", ue, {"rateControl": {"apnDownlink": "1/day"}})
        first = self.send(device.external_id, frame(GET, "/3/0/0"))[1]["id"]
        seen = device.receive(lambda m: m.is_request)
        device.answer(seen, "2.05")
        eventually("delivered", lambda: self.message(first)["state"] == "DELIVERED")
        self.send(device.external_id, frame(GET, "/3/0/1"))
        refusals = eventually("the SCEF says no", lambda: [
            a for a in self.t8(device.external_id, "t8-answer") if a["status"] in (403, 429)])
        asked = self.own.request(GET, "/3/0/2", to=device.address["own"])
        answer = self.own.answer_to(asked, 2)
        self.assertEqual(answer.text, "4.29")
        self.assertGreater(answer.uint(MAX_AGE), 0)
        self.assertEqual(refusals[0]["body"]["cause"], "RATE_EXCEEDED")
        asked_of_scef = [decode(base64.b64decode(d["data"])).path
                         for d in self.deliveries(device.external_id)]
        self.assertNotIn("/3/0/2", asked_of_scef, "it was asked in vain")
        path = "/quotas/device:" + urllib.parse.quote(device.external_id)
        shown = self.stack.adapter_call("GET", path)[1]["downlink"]
        self.assertEqual([limit["remaining"] for limit in shown["effective"]], [0])
        status, problem = self.send(device.external_id, frame(GET, "/3/0/3"))
        self.assertEqual((status, problem["scope"]), (429, "device:" + device.external_id))
        self.assertGreaterEqual(problem["resetsAt"], shown["exhaustedUntil"])


if __name__ == "__main__":
    main()
