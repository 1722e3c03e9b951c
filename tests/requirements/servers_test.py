"""Several servers and several kinds of transport at once: MBT-001, MBT-002 and OSR-001."""

import base64
import socket
import urllib.parse

import ports
from chain import ChainTest, main
from coap_peer import (CONTENT_FORMAT, GET, LOCATION_PATH, POST, PUT, TEXT, Peer, decode, number)
from e2e import split
from stack import call, eventually

OTHER_DOMAIN = "mts.example"
FIRST, SECOND = {"portUE": 1, "portSCEF": 2}, {"portUE": 3, "portSCEF": 4}


class Servers(ChainTest):
    """Beside `own`: two servers that devices know by RDS ports, and a second SCEF of another dialect."""

    @classmethod
    def configure(cls):
        cls.own, cls.first, cls.second = Peer(), Peer(), Peer()
        cls.bs = Peer()  # of no use here: a bootstrap server would need RDS ports of its own
        cls.other = cls.stack.program(
            "scef-simulator", "--listen", f"127.0.0.1:{ports.one()}", "--control",
            f"127.0.0.1:{ports.one()}", "--modem-listen", f"127.0.0.1:{ports.one()}", "--profile",
            "mts", label="scef-mts")
        cls.stack.configure(servers=f"""\
  - {{name: own, uri: "coap://{cls.own.address}"}}
  - {{name: first, uri: "coap://{cls.first.address}", rds: {{port_ue: 1, port_scef: 2, application_id: meters}}}}
  - {{name: second, uri: "coap://{cls.second.address}", rds: {{port_ue: 3, port_scef: 4, application_id: firmware}}}}
""")
        with open(cls.stack.config_file, encoding="utf-8") as file:
            text = file.read()
        entry = (f'  - {{name: mts, api_root: "http://{cls.other.field("t8")}", scs_as_id: lwm2m-dm, '
                 f"domains: [{OTHER_DOMAIN}], profile: mts}}\n")
        with open(cls.stack.config_file, "w", encoding="utf-8") as file:
            file.write(text.replace("scefs:\n", "scefs:\n" + entry))

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.first.close()
        cls.second.close()

    # ---- MBT-001: reachable wherever it is

    def test_MBT_001_a_server_that_speaks_udp_alone_reaches_a_device_without_an_address(self):
        external_id, modem = self.client("non-ip")
        self.assertEqual(self.stack.clients()["non-ip"]["binding"], "N")
        host, port = split(self.stack.clients()["non-ip"]["address"])
        self.assertEqual((host, port), self.addresses(external_id)["dm"])
        self.assertEqual(host.split(".")[0], "127", "an address of the adapter's own prefix")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            stranger.bind(("127.0.0.2", 0))  # no source of an LwM2M server
            stranger.sendto(b"\x40\x01\x00\x01\xb13\x010\x010", (host, port))
        self.assertEqual(self.stack.operate("non-ip", "read", path="/3/0/0")["code"], "2.05")
        answer = self.stack.operate("non-ip", "write", path="/1/0/1", value=500)
        self.assertEqual(answer["code"], "2.04")
        self.assertEqual([f.path for f in self.requests(external_id)], ["/3/0/0", "/1/0/1"])

    # ---- MBT-002: the same messages over any transport

    def other_device(self, name):
        """As `hand_made`, of the second SCEF."""
        external_id = f"{name}@{OTHER_DOMAIN}"
        self.stack.provision(external_id, server="own", profile="always-on")
        eventually("ACTIVE", lambda: self.stack.device(external_id)["niddConfiguration"]["status"]
                   == "ACTIVE")
        modem = self.stack.program("modem-simulator", "--scef", self.other.field("modem"), "--api",
                                   "127.0.0.1:0", "--tap", f"127.0.0.1:0={external_id}",
                                   label="modem-" + name)
        self.addCleanup(modem.stop)
        tap = modem.ready_line.partition("taps=")[2].split("=")[0]
        device = Peer(split(tap))
        self.addCleanup(device.close)
        device.external_id, device.name = external_id, name
        device.address = self.addresses(external_id)
        return device

    def exchanges(self, device):
        """What the device saw of a few operations, and the last T8 answer to a delivery."""
        self.register(device)
        seen = [self.ask(self.own, device, GET, "/3/0/0", content=b"same"),
                self.ask(self.own, device, PUT, "/1/0/1", [(CONTENT_FORMAT, number(TEXT))], b"60", "2.04"),
                self.ask(self.own, device, POST, "/3/0/4", answer="2.04")]
        return [(m.kind, *m.meaning) for m in seen]

    def answers_of(self, control, external_id):
        query = urllib.parse.urlencode({"externalId": external_id, "kind": "t8-answer"})
        return call("GET", f"{control}/log?{query}")[1]["entries"]

    def test_MBT_002_lwm2m_is_the_same_over_two_dialects_of_the_scefs_interface(self):
        here, there = self.hand_made("dialect-a"), self.other_device("dialect-b")
        self.assertEqual(self.exchanges(here), self.exchanges(there))
        told = [self.answers_of(control, device.external_id)[-1]["detail"]["body"] for control, device in
                ((self.stack.scef_control, here), ("http://" + self.other.field("control"), there))]
        self.assertIn("deliveryStatus", told[0])
        self.assertIn("status", told[1], "the second SCEF speaks no dialect")
        self.assertNotIn("deliveryStatus", told[1])

    # ---- BsR-005: the order in which a device registers with its servers

    def test_BsR_005_a_client_registers_in_the_order_of_its_resource(self):
        external_id = self.provision("order", servers=["first", "second"], profile="always-on")
        modem = self.stack.start_modems("--device", external_id, "--rds", "1:2", "--rds", "3:4", "--set",
                                        "/1/0/13=2", "--set", "/1/1/13=1", label="modem-order")
        self.addCleanup(modem.stop)
        mine = lambda m: m.path == "/rd" and "ep=order" in m.query  # noqa: E731
        register = self.second.receive(mine)
        self.assertIsNone(self.first.wait(mine, 0.5), "the other one did not wait")
        self.second.answer(register, "2.01", [(LOCATION_PATH, b"rd"), (LOCATION_PATH, b"9")])
        self.first.answer(self.first.receive(mine), "2.01",
                          [(LOCATION_PATH, b"rd"), (LOCATION_PATH, b"9")])
        self.assertEqual(self.ports(external_id, "uplink", "/rd"), [SECOND, FIRST])

    # ---- OSR-001: which server a frame is for

    def with_two_servers(self, name):
        external_id = self.provision(name, servers=["first", "second"], profile="always-on")
        modem = self.stack.start_modems("--device", external_id, "--rds", "1:2", "--rds", "3:4",
                                        label="modem-" + name)
        self.addCleanup(modem.stop)
        for server in (self.first, self.second):
            register = server.receive(lambda m: m.path == "/rd" and f"ep={name}" in m.query)
            server.answer(register, "2.01", [(LOCATION_PATH, b"rd"), (LOCATION_PATH, b"9")])
        eventually("registered with both", lambda: all(
            e["registration"] for e in self.stack.device(external_id)["endpoints"]))
        return external_id

    def ports(self, external_id, kind, path):
        """RDS ports of the frames of that kind with that path."""
        entries = [e["detail"] for e in self.stack.frames(external_id, kind)]
        return [d.get("rdsPort") for d in entries if decode(bytes.fromhex(d["data"])).path == path]

    def test_OSR_001_each_server_and_the_device_are_told_apart_by_their_ports(self):
        external_id = self.with_two_servers("two-masters")
        made = self.t8(external_id)[0]["body"]
        self.assertEqual(sorted(made["rdsPorts"], key=str), sorted([FIRST, SECOND], key=str))
        shown = {e["server"]: e["rds"]["applicationId"]
                 for e in self.stack.device(external_id)["endpoints"]}
        self.assertEqual(shown, {"first": "meters", "second": "firmware"})
        for server, name, path, ports in ((self.first, "first", "/3/0/0", FIRST),
                                          (self.second, "second", "/3/0/1", SECOND)):
            asked = server.request(GET, path, to=self.addresses(external_id)[name])
            self.assertEqual(server.answer_to(asked).text, "2.05")
            self.assertEqual(self.ports(external_id, "downlink", path), [ports])
            delivery = next(d for d in reversed(self.deliveries(external_id))
                            if decode(base64.b64decode(d["data"])).path == path)
            self.assertEqual(delivery["rdsPort"], ports)
        self.assertEqual(self.ports(external_id, "uplink", "/rd"), [FIRST, SECOND])

    def test_OSR_001_an_uplink_goes_to_the_server_of_its_port_and_to_no_other(self):
        external_id = self.with_two_servers("by-port")
        frame = decode(bytes.fromhex("50021234b2") + b"dp")
        for ports, reached in ((SECOND, self.second), ({"portUE": 9, "portSCEF": 9}, None)):
            status, _ = call("POST", self.stack.scef_control + "/uplinks", {
                "externalId": external_id, "data": base64.b64encode(frame.encode()).decode(),
                "rdsPort": ports})
            self.assertEqual(status, 202)
            for server in (self.first, self.second):
                came = server.wait(lambda m: m.path == "/dp", 2 if server is reached else 0.5)
                self.assertEqual(came is not None, server is reached)
                if came:
                    server.acknowledge(came)


if __name__ == "__main__":
    main()
