"""A message takes the place of another, which the SCEF holds for a device that sleeps."""

import base64
import unittest
import urllib.parse

from e2e import DOMAIN, StackTest, coap, uri_path
from stack import eventually

PSM = "profiles: {nb-iot: {reachability: {psm: {active_timer: 3s, period: 24h}}}}\n"
PUT = 3


def lifetime(seconds):
    """Write of the server object's lifetime, as base64."""
    frame = coap(0, PUT, 0, options=uri_path("1", "0", "1"), payload=str(seconds).encode())
    return base64.b64encode(frame).decode()


class Replace(StackTest):
    extra = PSM

    def setUp(self):
        self.external_id = f"meter@{DOMAIN}"
        self.stack.provision(self.external_id)
        self.modems = self.stack.start_modems("--device", self.external_id, "--state", "psm")
        eventually("registered", lambda: "meter" in self.stack.clients())
        eventually("asleep in the network", lambda: self.stack.ue_state(self.external_id) == "psm")
        self.path = "/devices/" + urllib.parse.quote(self.external_id) + "/messages"

    def message(self, message_id):
        return self.stack.adapter_call("GET", "/messages/" + message_id)[1]

    def replace(self, seconds):
        """By scef-adapterctl, as an operator does."""
        done = self.stack.ctl("--json", "messages", "replace", self.external_id, "--coap",
                              f"PUT /1/0/1 {seconds}")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_older_one_never_reaches_the_device(self):
        old = self.stack.adapter_call("POST", self.path, {"payload": lifetime(301),
                                                          "sendMode": "now"})[1]["id"]
        eventually("held by the SCEF", lambda: self.message(old)["state"] == "ACCEPTED")
        transfer = self.message(old)["scef"]["transferId"]
        before = len(self.stack.frames(self.external_id))
        self.replace(302)
        eventually("replaced", lambda: self.message(old)["state"] == "SUPERSEDED")
        newer = self.message(old)["supersededBy"]
        eventually("held instead", lambda: self.message(newer)["state"] == "ACCEPTED")
        self.assertEqual(self.message(newer)["scef"]["transferId"], transfer)

        self.stack.adapter.kill()
        self.stack.start_adapter()
        self.stack.modem_act(self.modems, self.external_id, "update")
        eventually("delivered", lambda: self.message(newer)["state"] == "DELIVERED")
        self.assertEqual(self.message(newer)["response"]["code"], "2.04")
        self.assertEqual(self.message(old)["state"], "SUPERSEDED")
        down = "".join(str(f) for f in self.stack.frames(self.external_id)[before:])
        self.assertIn(b"302".hex(), down)
        self.assertNotIn(b"301".hex(), down)


if __name__ == "__main__":
    unittest.main(verbosity=2)
