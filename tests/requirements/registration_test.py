"""Bootstrap, registration, maintenance: Tables 2, 3 and 7, and what Appendix C says of registrations."""

import base64
import json
import time
import urllib.request

from chain import SLEEPY, ChainTest, main
from coap_peer import (ACCEPT, ACK, BLOCK1, BLOCK2, CONTENT_FORMAT, DELETE, GET, LINKS, POST, PUT,
                       SENML_JSON, SIZE1, TLV, block, decode, number)
from stack import call, eventually

EXTRA = SLEEPY + """\
quotas:
  spent: {downlink: {messages: 1/hour, burst: 1}, uplink: {messages: 1/hour, burst: 1}, emergency_reserve: 0%}
"""


# TLV of an account at a server without security, and of an access control list of /3/0.
SECURITY = b"\xc8\x00\x10coap://10.0.0.1/\xc1\x01\x00\xc1\x02\x03\xc1\x0a\x01"
SERVER = b"\xc1\x00\x01\xc1\x01\x64\xc1\x06\x01\xc1\x07N"
RIGHTS = b"\xc1\x00\x03\xc1\x01\x00\x83\x02\x41\x01\x1f\xc1\x03\x01"


class Registration(ChainTest):
    extra = EXTRA

    def ask_to_bootstrap(self, device):
        """The device's own request for a bootstrap, which the bootstrap server accepts."""
        asked = device.request(POST, f"/bs?ep={device.name}")
        request = self.bs.request_for(POST, "/bs", device.address["bs"])
        self.assertEqual((request.query, request.peer), ([f"ep={device.name}"], device.address["bs"]))
        self.bs.answer(request, "2.04")
        self.assertEqual(device.answer_to(asked).text, "2.04")

    def finish_bootstrap(self, device):
        self.ask(self.bs, device, POST, "/bs", answer="2.04")

    # ---- Bootstrap

    def test_BsR_001_BSR_2_the_bootstrap_server_reads_the_access_rights_that_are_there(self):
        device = self.hand_made("rights")
        self.register(device)
        self.ask_to_bootstrap(device)
        rights = bytes.fromhex("0800 0f c10003 c10100 8302 4165 05".replace(" ", ""))
        for path in ("/1", "/2"):
            self.ask(self.bs, device, GET, path, [(ACCEPT, number(TLV))],
                     answer_options=[(CONTENT_FORMAT, number(TLV))], content=rights)
        self.ask(self.bs, device, GET, "/", [(ACCEPT, number(LINKS))],
                 answer_options=[(CONTENT_FORMAT, number(LINKS))],
                 content=b"</>;lwm2m=1.1,</1/0>;ssid=101,</2/0>,</3/0>")
        self.finish_bootstrap(device)

    def test_BsR_002_BSR_3_a_server_triggers_a_bootstrap_and_waits_until_it_is_finished(self):
        device = self.hand_made("trigger")
        self.register(device)
        self.ask(self.own, device, POST, "/1/0/9", answer="2.04")
        self.ask_to_bootstrap(device)
        waiting = self.own.request(GET, "/3/0/0", to=device.address["own"])
        custody = self.own.receive(lambda m: m.kind == ACK and m.mid == waiting.mid)
        self.assertEqual(custody.code, 0)
        self.ask(self.bs, device, DELETE, "/", answer="2.02")
        self.ask(self.bs, device, PUT, "/0/1", [(CONTENT_FORMAT, number(TLV))], b"\xc8\x00\x05coap:",
                 "2.04")
        self.ask(self.bs, device, PUT, "/1/1", [(CONTENT_FORMAT, number(TLV))], b"\xc1\x00\x65", "2.04")
        self.assertEqual([m["reason"] for m in self.messages(device.external_id)
                          if m["state"] == "QUEUED"], ["bootstrap"])
        self.finish_bootstrap(device)
        seen = device.request_for(GET, "/3/0/0")
        device.answer(seen, "2.05", payload=b"afterwards")
        self.assertEqual(self.own.answer_to(waiting).payload, b"afterwards")

    def start(self, name, *arguments, **fields):
        """A device of modem-simulator whose LwM2M server is `own`, which has not answered yet."""
        external_id = self.provision(name, **{"server": "own", "profile": "always-on", **fields})
        modem = self.stack.start_modems("--device", external_id, *arguments, label="modem-" + name)
        self.addCleanup(modem.stop)
        return external_id

    def registers(self, name, seconds=30):
        return self.own.receive(lambda m: m.path == "/rd" and f"ep={name}" in m.query, seconds)

    def bootstrap(self, name, before=(), after=(), server=SERVER):
        """Gives the device an account at `own` whose lifetime is 100 s, with an access control list:
        the answers to Reads before and after that."""
        request = self.bs.receive(lambda m: m.path == "/bs" and f"ep={name}" in m.query)
        self.bs.answer(request, "2.04")
        steps = [*((GET, path, b"", "2.05") for path in before), (DELETE, "/", b"", "2.02"),
                 (PUT, "/0/1", SECURITY, "2.04"), (PUT, "/1/1", server, "2.04"),
                 (PUT, "/2/0", RIGHTS, "2.04"), *((GET, path, b"", "2.05") for path in after),
                 (POST, "/bs", b"", "2.04")]
        answers = []
        for method, path, payload, expected in steps:
            options = [(ACCEPT, number(SENML_JSON))] if method == GET else []
            options += [(CONTENT_FORMAT, number(TLV))] if payload else []
            asked = self.bs.request(method, path, options, payload, to=request.peer)
            answer = self.bs.answer_to(asked)
            self.assertEqual(answer.text, expected, path)
            answers += [self.senml(answer.payload)] if method == GET else []
        return answers

    def senml(self, payload):
        """Values by path."""
        base, values = "", {}
        for record in json.loads(payload):
            base = record.get("bn", base)
            values[base + record.get("n", "")] = next(
                (record[key] for key in ("v", "vs", "vb", "vd", "vlo") if key in record), None)
        return values

    def test_BsR_001_BSR_2_the_access_rights_of_a_client_are_read_by_its_bootstrap_server(self):
        external_id = self.start("acl", "--bootstrap")
        rights, servers = self.bootstrap("acl", after=["/2", "/1"])
        self.assertEqual(rights, {"/2/0/0": 3, "/2/0/1": 0, "/2/0/2/1": 31, "/2/0/3": 1})
        self.assertEqual((servers["/1/1/0"], servers["/1/1/1"]), (1, 100))
        self.assertEqual([f.path for f in self.requests(external_id) if f.code == GET], ["/2", "/1"])
        self.own.acknowledge(self.registers("acl"))

    def test_BsR_002_a_bootstrap_of_the_simulators_goes_from_request_to_finish(self):
        self.start("from-zero", "--bootstrap")
        self.bootstrap("from-zero")
        register = self.registers("from-zero")
        self.assertIn("lt=100", register.query, "as the bootstrap server wrote")
        self.own.acknowledge(register)

    def test_BsR_002_BSR_3_BsR_007_a_client_bootstraps_when_told_and_tells_when_it_did(self):
        external_id, _ = self.client_of_own("as-told", "--bootstrap-account")
        for account in ("/1/0", "/1/1"):
            asked = self.own.request(POST, account + "/9", to=self.addresses(external_id)["own"])
            self.assertEqual(self.own.answer_to(asked).text, "2.04")
            servers, = self.bootstrap("as-told", before=["/1"])
            self.assertEqual(account + "/12" in servers, account == "/1/1", "Last Bootstrapped")
            register = self.registers("as-told")
            self.own.answer(register, "2.01", [(8, b"rd"), (8, b"1")])
        self.assertGreater(servers["/1/1/12"], 1_600_000_000)

    def test_BsR_003_a_client_bootstraps_when_its_registration_fails_for_good(self):
        self.start("last-resort", "--bootstrap-account", "--set", "/1/0/17=1", "--set", "/1/0/20=1",
                   "--set", "/1/0/16=1")
        self.own.answer(self.registers("last-resort"), "4.03")
        self.bootstrap("last-resort")
        self.assertIn("lt=100", self.registers("last-resort").query)

    def test_BsR_004_retries_of_a_client_follow_its_resources(self):
        self.start("back-off", "--set", "/1/0/17=3", "--set", "/1/0/18=1", "--set", "/1/0/19=60",
                   "--set", "/1/0/20=1")
        times = []
        for _ in range(3):
            register = self.registers("back-off")
            times.append(time.monotonic())
            self.own.answer(register, "4.03")
        for gap, wanted in zip((times[1] - times[0], times[2] - times[1]), (1, 2)):
            self.assertGreaterEqual(gap, wanted, "never before its time; the default is a minute")
        self.assertIsNone(self.own.wait(lambda m: m.path == "/rd" and "ep=back-off" in m.query, 3))

    def test_BsR_003_a_registration_answer_passes_queue_and_spent_quota(self):
        device = self.hand_made("fallback", quota="spent")
        self.register(device)
        queued = [self.own.request(GET, f"/3/0/{n}", to=device.address["own"]) for n in range(3)]
        eventually("they wait for the quota", lambda: [
            m for m in self.messages(device.external_id) if m["reason"] == "quota"])
        self.register(device, "lt=301&lwm2m=1.1&b=N")
        self.assertEqual(self.requests(device.external_id), [], "the quota was spent")
        for request in queued:
            self.own.receive(lambda m, mid=request.mid: m.kind == ACK and m.mid == mid)

    def test_BsR_004_a_repeated_register_is_one_and_is_answered_each_time(self):
        device = self.hand_made("retries")
        asked = device.request(POST, "/rd?ep=retries&lt=300&lwm2m=1.1&b=N",
                               [(CONTENT_FORMAT, number(LINKS))], b"</3/0>")
        device.send(asked)
        register = self.own.request_for(POST, "/rd", device.address["own"])
        device.send(asked)
        # Another request of this device; the adapter itself repeats the one that it has under its id.
        from_it = lambda m: (m.is_request and m.peer == device.address["own"]
                             and m.mid != register.mid)
        self.assertIsNone(self.own.wait(from_it, 1), "the server was told twice")
        self.own.answer(register, "2.01", [(8, b"rd"), (8, b"7")])
        first = device.answer_to(asked)
        # A copy is dropped until the adapter knows that the SCEF took the answer (U1); a device repeats.
        def repeated():
            device.send(asked)
            return device.wait(lambda m: m.code >= 64 and m.token == asked.token)

        again = eventually("it is answered again", repeated, 30)
        self.assertEqual(again.encode(), first.encode())
        self.assertIsNone(self.own.wait(from_it, 0.5), "the server was told again")

    def test_BsR_006_MaU_4_a_client_registers_after_the_delay_of_its_resource(self):
        self.start("lag", "--set", "/1/0/14=2")
        began = time.monotonic()
        self.own.acknowledge(self.registers("lag"))
        self.assertGreater(time.monotonic() - began, 1.5)

    def test_BsR_006_MaU_5_the_delay_is_set_by_the_bootstrap_server(self):
        self.start("lag-set", "--bootstrap")
        began = time.monotonic()
        self.bootstrap("lag-set", server=SERVER + b"\xc1\x0e\x02")  # resource 14: 2 s
        self.own.acknowledge(self.registers("lag-set"))
        self.assertGreater(time.monotonic() - began, 1.8)

    def test_BsR_007_the_bootstrap_server_learns_which_accounts_are_invalid(self):
        device = self.hand_made("invalid")
        self.register(device)
        self.ask_to_bootstrap(device)
        self.ask(self.bs, device, GET, "/1", [(ACCEPT, number(SENML_JSON))],
                 answer_options=[(CONTENT_FORMAT, number(SENML_JSON))],
                 content=b'[{"bn":"/1/0/","n":"11","v":48},{"n":"12","v":1700000000}]')
        self.finish_bootstrap(device)

    def test_BsR_008_values_follow_the_registration_in_the_same_awake_window(self):
        external_id, modem = self.client("values", state="psm")
        self.falls_asleep(external_id)
        self.stack.modem_act(modem, external_id, "register")
        eventually("it is registered anew, and knows", lambda: call(
            "GET", f"{modem.api}/devices/{external_id}")[1]["registrations"] == 2)
        self.stack.modem_act(modem, external_id, "send")
        eventually("the values are there", lambda: self.stack.server_events("values", "SEND"))
        kinds = [e["type"] for e in self.stack.server_events("values")]
        self.assertEqual(kinds, ["REGISTRATION", "REGISTRATION", "SEND"])
        window = self.stack.frames(external_id, "uplink,state")
        slept = max(at for at, entry in enumerate(window) if entry["detail"].get("state") == "psm")
        paths = [decode(bytes.fromhex(entry["detail"]["data"])).path for entry in window[slept:]
                 if entry["kind"] == "uplink"]
        self.assertEqual(paths, ["/rd", "/dp"], "they came in two windows")

    # ---- Registrations that grow, gateways, firmware

    def test_CRD_002_profile_ids_and_large_registrations_pass_unchanged(self):
        device = self.hand_made("profile-id")
        links = b",".join(b"</%d/0>;ver=1.0" % object_ for object_ in range(3300, 3370))
        asked = f"lt=300&lwm2m=1.2&b=N&pid={'a1' * 16}"
        register = self.register(device, asked, links)
        self.assertEqual((register.query[1:], register.payload), (asked.split("&"), links))
        update = device.request(POST, "/rd/1?pid=b2", [(CONTENT_FORMAT, number(LINKS))], b"</3/0>")
        arrived = self.own.request_for(POST, "/rd/1", device.address["own"])
        self.assertEqual(arrived.meaning, update.meaning)
        self.own.answer(arrived, "2.04")
        self.assertEqual(device.answer_to(update).text, "2.04")

    def test_LeG_001_paths_of_devices_behind_a_gateway_pass_unchanged(self):
        device = self.hand_made("gateway")
        register = self.register(device, links=b"</25/0>,</d01/3303/0>,</d01/5/0>")
        self.assertEqual(register.payload, b"</25/0>,</d01/3303/0>,</d01/5/0>")
        self.ask(self.own, device, GET, "/d01/3303/0/5700", content=b"21.5")
        self.ask(self.own, device, POST, "/d01/3/0/4", answer="2.04")

    def test_LeG_003_firmware_goes_block_by_block_and_in_order_to_a_device_behind_a_gateway(self):
        device = self.hand_made("firmware")
        self.register(device, links=b"</d01/5/0>")
        image = bytes(range(256)) * 5
        for index in range(5):
            part, more = image[index * 256:index * 256 + 256], index < 4
            options = [(CONTENT_FORMAT, number(42)), (BLOCK1, block(index, more, 256)),
                       (SIZE1, number(len(image)))]
            self.ask(self.own, device, PUT, "/d01/5/0/0", options, part, "2.31" if more else "2.04",
                     [(BLOCK1, block(index, more, 256))])

    def test_MaU_1_MaU_all_a_client_is_upgraded_by_blocks_and_keeps_its_settings(self):
        external_id, modem = self.client("upgraded")
        self.assertEqual(self.stack.operate("upgraded", "write", path="/1/0/1", value=4321)["code"], "2.04")
        with urllib.request.urlopen(modem.api + "/firmware-package?version=2.5&size=3000") as reply:
            package = reply.read()
        written = self.stack.operate("upgraded", "write", path="/5/0/0", contentFormat=42,
                                     value=base64.b64encode(package).decode())
        self.assertEqual(written["code"], "2.04")
        blocks = [f for f in self.requests(external_id) if f.path == "/5/0/0"]
        self.assertEqual(b"".join(f.payload for f in blocks), package)
        self.assertEqual([f.uint(BLOCK1) >> 4 for f in blocks], list(range(len(blocks))))
        self.assertEqual(self.stack.operate("upgraded", "execute", path="/5/0/2")["code"], "2.04")
        eventually("it registers anew",
                   lambda: len(self.stack.server_events("upgraded", "REGISTRATION")) == 2, 30)
        self.assertEqual([str(self.stack.operate("upgraded", "read", path=path)["payload"])
                          for path in ("/3/0/3", "/1/0/1")], ["2.5", "4321"])

    def test_MaU_all_a_device_pulls_its_firmware_block_by_block(self):
        device = self.hand_made("pull")
        self.register(device)
        image = bytes(reversed(range(256))) * 3
        taken = b""
        for index in range(6):
            asked = device.request(GET, "/fw.bin", [(BLOCK2, block(index, False, 128))])
            request = self.own.request_for(GET, "/fw.bin", device.address["own"])
            self.assertEqual(request.meaning, asked.meaning)
            part = image[index * 128:index * 128 + 128]
            self.own.answer(request, "2.05", [(BLOCK2, block(index, index < 5, 128))], part)
            taken += device.answer_to(asked).payload
        self.assertEqual(taken, image)


if __name__ == "__main__":
    main()
