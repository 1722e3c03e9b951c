"""npm's coap (node-coap): as an LwM2M server that asks from its own port, and as a device through the
tap of modem-simulator."""

import base64
import random
import unittest

from chain import ChainTest
from peer import require_packages
from stack import call, eventually

TEXT, LINK, OCTETS, TLV = 0, 40, 42, 11542


def octets_of(answer):
    return base64.b64decode(answer["payload"])


class Server(ChainTest):
    server_script = "coap_peer.js"
    server_arguments = ("server",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start_device("meter", ep="meter")

    def ask(self, method, path, **fields):
        return self.server.ask("request", endpoint="meter", method=method, path=path, **fields)

    def test_a_value_is_written_and_read(self):
        self.assertEqual(self.ask("PUT", "/1/0/1", format=TEXT, payload="900")["code"], "2.04")
        answer = self.ask("GET", "/1/0/1", accept=TEXT)
        self.assertEqual((answer["code"], octets_of(answer)), ("2.05", b"900"))

    def test_an_observation_notifies(self):
        first = self.ask("GET", "/3303/0/5700", accept=TEXT, observe=True)
        self.assertEqual(first["code"], "2.05")
        for value in ("30.25", "31.5"):
            self.sets(self.modems, self.external_id, "/3303/0/5700", float(value))
            self.server.event("notified", payload=base64.b64encode(value.encode()).decode())

    def test_an_observation_that_the_server_gave_up_ends_on_the_device(self):
        self.ask("GET", "/3/0/9", accept=TEXT, observe=True)
        self.assertIn(["/3/0/9"], self.observations())
        self.server.ask("forget", path="/3/0/9")
        self.sets(self.modems, self.external_id, "/3/0/9", 42)
        eventually("forgotten", lambda: ["/3/0/9"] not in self.observations())

    def observations(self):
        answer = call("GET", f"{self.modems.api}/devices/{self.external_id}/observations")[1]
        return [one["paths"] for one in answer["observations"]]

    def test_ten_kilobytes_are_written_and_read_in_blocks(self):
        octets = random.Random(7).randbytes(10_000)
        # /19/0 with one octet in /19/0/0/0, in TLV.
        created = self.ask("POST", "/19", format=TLV, payload="05008300410000", encoding="hex")
        self.assertEqual(created["code"], "2.01")
        written = self.ask("PUT", "/19/0/0/0", format=OCTETS, block=5, encoding="base64",
                           payload=base64.b64encode(octets).decode(), seconds=110)
        self.assertEqual(written["code"], "2.04")
        read = self.ask("GET", "/19/0/0/0", accept=OCTETS, seconds=110)
        self.assertEqual(read["code"], "2.05")
        self.assertEqual(octets_of(read), octets)

    def test_updates_and_a_deregister_go_to_the_location(self):
        self.stack.modem_act(self.modems, self.external_id, "update")
        self.server.event("updated", ep="meter")
        self.stack.modem_act(self.modems, self.external_id, "deregister")
        self.server.event("unregistered", ep="meter")
        self.stack.modem_act(self.modems, self.external_id, "register")
        self.server.event("registered", ep="meter")


class Device(ChainTest):
    """The project's own LwM2M server on the other side."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.external_id = "probe@iot.example"
        cls.stack.provision(cls.external_id, profile="always-on")
        cls.modems = cls.stack.start_modems("--tap", f"127.0.0.1:0={cls.external_id}")
        tap = cls.modems.taps[0].split("=")[0].split(":")
        cls.device = cls.start_peer("coap_peer.js", "device", *tap)
        cls.device.ask("set", path="/3/0/0", value="node-coap")
        cls.device.ask("set", path="/3303/0/5700", value="20.5")
        cls.registered = cls.device.ask(
            "request", method="POST", path="/rd", query="ep=probe&lt=300&lwm2m=1.1&b=U",
            format=LINK, payload="</3/0>,</19/0>,</3303/0>")

    def operate(self, operation, **fields):
        return self.stack.operate("probe", operation, **fields)

    def test_its_register_is_created_and_its_update_changed(self):
        self.assertEqual(self.registered["code"], "2.01")
        self.assertIn("probe", self.stack.clients())
        updated = self.device.ask("request", method="POST",
                                  path="/" + "/".join(self.registered["location"]))
        self.assertEqual(updated["code"], "2.04")

    def test_it_is_read(self):
        answer = self.operate("read", path="/3/0/0")
        self.assertEqual((answer["code"], answer["payload"]), ("2.05", "node-coap"))
        self.assertEqual(self.operate("read", path="/3/0/9")["code"], "4.04")

    def test_it_is_observed(self):
        self.assertEqual(self.operate("observe", path="/3303/0/5700")["code"], "2.05")
        for value in ("21.5", "22.5"):
            self.device.ask("set", path="/3303/0/5700", value=value)
            eventually(value, lambda v=value: any(
                v in str(event) for event in self.stack.server_events("probe")))

    def test_ten_kilobytes_are_written_to_it_in_blocks(self):
        text = "".join(random.Random(7).choice("abcdefgh") for _ in range(10_000))
        answer = self.operate("write", path="/19/0/0", value=text)
        self.assertEqual(answer["code"], "2.04", answer)
        self.assertEqual(base64.b64decode(self.device.ask("value", path="/19/0/0")).decode(), text)


if __name__ == "__main__":
    require_packages("coap")
    unittest.main(verbosity=2)
