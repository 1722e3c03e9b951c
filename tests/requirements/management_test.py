"""Device management, reporting and observation: Tables 4, 5 and 6."""

import concurrent.futures
import json

from chain import ChainTest, main
from coap_peer import (ACCEPT, ACK, CON, CONTENT_FORMAT, FETCH, GET, IPATCH, NON, OBSERVE, POST, PUT,
                       SENML_CBOR, SENML_JSON, TEXT, TLV, Message, number, target)
from stack import call, eventually


class Management(ChainTest):
    def events(self, name, kind):
        return self.stack.server_events(name, kind)

    def measure(self, modem, external_id, path, value):
        status, answer = call("PUT", f"{modem.api}/devices/{external_id}/resources{path}",
                              {"value": value})
        self.assertLess(status, 300, answer)

    def resource(self, modem, external_id, path):
        return call("GET", f"{modem.api}/devices/{external_id}/resources{path}")[1]

    def values(self, records):
        """SenML records as the server shows them: values by path, base names applied."""
        base, found = "", {}
        for record in records:
            base = record.get("bn", base)
            found[base + record.get("n", "")] = next(
                record[key] for key in ("v", "vs", "vb", "vd") if key in record)
        return found

    # ---- DSE-001: one operation on a list

    def test_DSE_001_a_composite_read_is_one_frame_and_answers_for_several_objects(self):
        external_id, _ = self.client("fetch")
        before = len(self.requests(external_id))
        answer = self.stack.operate("fetch", "read-composite", paths=["/3/0/0", "/3303/1/5700"])
        self.assertEqual(answer["code"], "2.05")
        self.assertEqual(set(self.values(answer["payload"])), {"/3/0/0", "/3303/1/5700"})
        frames = self.requests(external_id)[before:]
        self.assertEqual([f.code for f in frames], [FETCH])
        self.assertEqual({r["n"] for r in json.loads(frames[0].payload)},
                         {"/3/0/0", "/3303/1/5700"})

    def test_DSE_001_a_composite_write_changes_several_objects_by_one_frame(self):
        external_id, modem = self.client("ipatch")
        before = len(self.requests(external_id))
        answer = self.stack.operate("ipatch", "write-composite",
                                    values={"/1/0/1": 777, "/3303/0/5750": "attic"})
        self.assertEqual(answer["code"], "2.04")
        self.assertEqual([f.code for f in self.requests(external_id)[before:]], [IPATCH])
        self.assertEqual(self.resource(modem, external_id, "/1/0/1")["value"], 777)
        self.assertEqual(self.resource(modem, external_id, "/3303/0/5750")["value"], "attic")

    def test_DSE_001_composite_reads_that_differ_in_the_payload_alone_are_two(self):
        external_id, modem = self.client("two", state="psm")
        self.falls_asleep(external_id)
        before = len(self.requests(external_id))
        lists = [["/3/0/0", "/3/0/1"], ["/3/0/2", "/3/0/3"]]
        with concurrent.futures.ThreadPoolExecutor() as pool:
            reads = [pool.submit(self.stack.operate, "two", "read-composite", paths=p)
                     for p in lists]
            eventually("both are in custody",
                       lambda: len(self.events("two", "AWAITING_RESPONSE")) == 2)
            self.stack.modem_act(modem, external_id, "update")
            answers = [set(self.values(r.result()["payload"])) for r in reads]
        self.assertEqual(answers, [set(p) for p in lists])
        self.assertEqual([f.code for f in self.requests(external_id)[before:]], [FETCH, FETCH])

    # ---- DSE-002, OSR-1: one instance of a multiple-instance resource

    def test_DSE_002_OSR_1_one_instance_of_a_resource_is_read(self):
        external_id, modem = self.client("instance")
        self.measure(modem, external_id, "/3/0/7/1", 4987)
        answer = self.stack.operate("instance", "read", path="/3/0/7/1")
        self.assertEqual((answer["code"], answer["payload"]), ("2.05", 4987))
        self.assertEqual(self.requests(external_id)[-1].path, "/3/0/7/1")

    def test_DSE_002_OSR_1_one_instance_of_a_clients_resource_is_written_beside_another(self):
        external_id, modem = self.client("binary")
        created = self.stack.operate("binary", "create", path="/19", instance=0,
                                     values={"0": {"0": "Zmlyc3Q=", "3": "dGhpcmQ="}})
        self.assertEqual(created["code"], "2.01", created)
        written = self.stack.operate("binary", "write", path="/19/0/0/3", value="bmV3",
                                     contentFormat=42)
        self.assertEqual(written["code"], "2.04", written)
        self.assertEqual([self.stack.operate("binary", "read", path=f"/19/0/0/{at}")["payload"]
                          for at in (0, 3)], ["Zmlyc3Q=", "bmV3"])

    def test_DSE_002_OSR_1_one_instance_of_a_resource_is_written(self):
        device = self.hand_made("write-one")
        self.register(device)
        self.ask(self.own, device, PUT, "/19/0/0/3", [(CONTENT_FORMAT, number(TEXT))], b"third",
                 "2.04")
        self.ask(self.own, device, GET, "/19/0/0/3", [(ACCEPT, number(TEXT))], content=b"third")

    # ---- DSE-003 to -005: unsolicited data

    def test_DSE_003_a_send_reaches_the_server_and_shows_that_the_device_is_awake(self):
        external_id, modem = self.client("unasked", state="psm")
        self.falls_asleep(external_id)
        self.assertEqual(call("GET", f"{modem.api}/devices/{external_id}")[1]["observations"], 0)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            read = pool.submit(self.stack.operate, "unasked", "read", path="/3/0/0")
            eventually("it waits", lambda: self.events("unasked", "AWAITING_RESPONSE"))
            self.stack.modem_act(modem, external_id, "send")
            self.assertEqual(read.result()["code"], "2.05")
        sent = [f for f in self.frames(external_id, "uplink") if f.path == "/dp"]
        self.assertEqual([f.code for f in sent], [POST])
        self.assertEqual(len(self.events("unasked", "SEND")), 1)
        self.assertEqual(self.events("unasked", "UPDATE"), [], "nothing else woke it")

    def test_DSE_004_the_server_mutes_and_unmutes_unsolicited_data_of_the_device(self):
        device = self.hand_made("mute")
        self.register(device)
        for value in (b"1", b"0"):
            self.ask(self.own, device, PUT, "/1/0/23", [(CONTENT_FORMAT, number(TEXT))], value, "2.04")

    def test_DSE_004_a_muted_device_sends_nothing_until_it_may_again(self):
        external_id, modem = self.client("muted")
        for value, sends in (("1", 0), ("0", 1)):
            answer = self.stack.operate("muted", "write", path="/1/0/23", value=value)
            self.assertEqual(answer["code"], "2.04")
            call("POST", f"{modem.api}/devices/{external_id}:send")
            self.assertEqual(self.stack.operate("muted", "read", path="/3/0/0")["code"], "2.05")
            if sends:
                eventually("it arrives", lambda: self.events("muted", "SEND"))
            ups = [f for f in self.frames(external_id, "uplink") if f.path == "/dp"]
            self.assertEqual((len(ups), len(self.events("muted", "SEND"))), (sends, sends))

    def test_DSE_005_a_send_keeps_objects_and_format_octet_for_octet(self):
        external_id, modem = self.client("structure")
        self.stack.modem_act(modem, external_id, "send")
        event = eventually("it arrives", lambda: self.events("structure", "SEND"))[0]
        sent = next(f for f in self.frames(external_id, "uplink") if f.path == "/dp")
        self.assertEqual(sent.uint(CONTENT_FORMAT), SENML_JSON)
        self.assertEqual(event["contentFormat"], SENML_JSON)
        self.assertEqual(event["payload"], json.loads(sent.payload))
        links = [link["url"] for link in self.stack.clients()["structure"]["objectLinks"]]
        for path in self.values(event["payload"]):
            self.assertTrue(any(path.startswith(link) for link in links), (path, links))

    def test_DSE_005_every_content_format_passes_unchanged(self):
        device = self.hand_made("formats")
        self.register(device)
        octets = bytes(range(256))
        for format_ in (TEXT, SENML_JSON, SENML_CBOR, TLV, 11544, 60, 50):
            sent = device.request(POST, "/dp", [(CONTENT_FORMAT, number(format_))], octets)
            arrived = self.own.request_for(POST, "/dp", device.address["own"])
            self.assertEqual(arrived.meaning, sent.meaning)
            self.own.answer(arrived, "2.04")
            self.assertEqual(device.answer_to(sent).text, "2.04")

    # ---- IR-001: several objects in one notification

    def test_IR_001_values_of_two_objects_come_in_one_notification(self):
        external_id, modem = self.client("atomic")
        paths = ["/3/0/9", "/3303/0/5700"]
        first = self.stack.operate("atomic", "observe-composite", paths=paths)
        self.assertEqual((first["code"], set(self.values(first["payload"]))), ("2.05", set(paths)))
        asked = self.requests(external_id)[-1]
        self.assertEqual((asked.code, asked.uint(OBSERVE)), (FETCH, 0))
        before = len(self.frames(external_id, "uplink"))
        self.measure(modem, external_id, "/3303/0/5700", 30.5)
        eventually("notified", lambda: self.events("atomic", "NOTIFICATION"))
        values = self.values(self.events("atomic", "NOTIFICATION")[0]["payload"])
        self.assertEqual(values, {"/3/0/9": 92, "/3303/0/5700": 30.5})
        notes = [f for f in self.frames(external_id, "uplink")[before:] if f.code == 0x45]
        self.assertEqual([f.token for f in notes], [asked.token])

        cancelled = self.stack.operate("atomic", "cancel", paths=paths)
        self.assertEqual(cancelled["code"], "2.05")
        last = self.requests(external_id)[-1]
        self.assertEqual((last.code, last.uint(OBSERVE), last.payload), (FETCH, 1, asked.payload))
        self.measure(modem, external_id, "/3303/0/5700", 31.5)
        self.assertEqual(self.stack.operate("atomic", "read", path="/3303/0/5700")["payload"], 31.5)
        self.assertEqual(len(self.events("atomic", "NOTIFICATION")), 1, "it goes on after the cancel")

    # ---- RMo: what is reported, and when

    def observe(self, device, path, token):
        """`own` asks to observe, under that token."""
        return self.own.send(Message(CON, GET, next(self.own.mids), token,
                                     [(OBSERVE, b""), *target(path)]), device.address["own"])

    def observed(self, device, asked):
        """The device sees what was asked and takes the observation up: the request as it saw it."""
        seen = device.request_for(GET, asked.path)
        self.assertEqual(seen.meaning, asked.meaning)
        device.answer(seen, "2.05", [(OBSERVE, b"\x01")], b"20")
        self.assertEqual(self.own.answer_to(asked).payload, b"20")
        return seen

    def notify(self, device, seen, observe, options, payload):
        sent = device.send(Message(NON, 0x45, next(device.mids), seen.token,
                                   [(OBSERVE, number(observe))] + options, payload))
        came = self.own.receive(lambda m: m.code == 0x45)
        self.own.acknowledge(came)
        self.assertEqual(came.meaning, sent.meaning)
        return came

    def test_RMo_001_a_device_reports_by_the_conditions_that_its_server_set(self):
        external_id, modem = self.client_of_own("transitions")
        address = self.addresses(external_id)["own"]
        written = self.own.request(PUT, "/3303/0/5700?gt=30&lt=10", to=address)
        self.assertEqual(self.own.answer_to(written).text, "2.04")
        self.assertEqual(self.requests(external_id)[-1].query, ["gt=30", "lt=10"])
        asked = self.own.request(GET, "/3303/0/5700", [(OBSERVE, b"")], to=address)
        self.assertIsNotNone(self.own.answer_to(asked).uint(OBSERVE), "it was not observed")
        for value, crosses in ((25, False), (31, True), (32, False), (9, True)):
            self.measure(modem, external_id, "/3303/0/5700", value)
            came = self.own.wait(lambda m: m.token == asked.token, 5 if crosses else 0.5)
            self.assertEqual(came is not None, crosses, value)
            if crosses:
                self.own.acknowledge(came)
                self.assertEqual(float(came.payload), value)

    def test_RMo_001_conditions_of_later_versions_pass_unchanged(self):
        device = self.hand_made("edge")
        self.register(device)
        self.ask(self.own, device, PUT, "/3303/0/5700?edge=1&con=1&hqmax=5", answer="2.04")

    def test_RMo_002_whatever_a_notification_says_arrives_unchanged(self):
        device = self.hand_made("causes")
        self.register(device)
        seen = self.observed(device, self.observe(device, "/3303/0/5700", b"\x11\x22"))
        said = b'[{"bn":"/3303/0/5700","v":31.5},{"n":"cause","vs":"gt,pmax"}]'
        self.notify(device, seen, 2, [(CONTENT_FORMAT, number(SENML_JSON)), (65000, b"gt")], said)

    def test_RMo_003_two_observations_of_one_resource_stay_two(self):
        device = self.hand_made("several", state="psm")
        self.register(device)
        self.falls_asleep(device.external_id)
        asked = [self.observe(device, "/3303/0/5700", token) for token in (b"\xaa\x01", b"\xaa\x02")]
        for request in asked:  # both wait at once, which would make one of two equal Reads
            self.own.receive(lambda m, mid=request.mid: m.kind == ACK and m.mid == mid)
        self.update(device)
        seen = [self.observed(device, request) for request in asked]
        self.assertEqual(len({s.token for s in seen}), 2)
        for at in (1, 0):
            came = self.notify(device, seen[at], 5 + at, [], b"3%d" % at)
            self.assertEqual(came.token, asked[at].token)


if __name__ == "__main__":
    main()
