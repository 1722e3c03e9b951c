"""npm's lwm2m-node-lib as the LwM2M server of modem-simulator's client. It names a registration by one
Location-Path with a slash in it, retransmits a request although its empty ACK came, and never
acknowledges a separate response or a confirmable notification."""

import unittest

from chain import ChainTest
from peer import Refused, require_packages
from stack import call, eventually

PSM = "profiles: {nb-iot: {reachability: {psm: {active_timer: 3s, period: 24h}}}}\n"


class Awake(ChainTest):
    server_script = "lwm2m_server.js"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start_device("awake", endpoint="awake")

    def ask(self, command, path, **fields):
        return self.server.ask(command, endpoint="awake", path=path, **fields)

    def test_a_register_has_its_parameters_and_objects(self):
        self.assertEqual(self.registration["lifetime"], "300")
        self.assertEqual(self.registration["version"], "1.1")
        self.assertIn("</3/0>", self.registration["payload"])
        self.assertEqual(self.server.ask("devices"), ["awake"])

    def test_a_value_is_written_and_read(self):
        self.ask("write", [1, 0, 1], value="1200")
        self.assertEqual(self.ask("read", [1, 0, 1]), "1200")
        self.assertEqual(self.ask("read", [3, 0, 2]), "awake")

    def test_an_object_is_discovered(self):
        self.assertIn("</3303/0/5700>", self.ask("discover", [3303, 0, 5700]))

    def test_a_resource_is_executed(self):
        self.assertEqual(self.ask("execute", [3303, 0, 5605], value=""), "")
        device = call("GET", f"{self.modems.api}/devices/{self.external_id}")[1]
        self.assertEqual(device["executed"].get("/3303/0/5605"), 1, device["executed"])

    def test_what_is_not_there_is_not_found(self):
        with self.assertRaisesRegex(Refused, "NOT_FOUND"):
            self.ask("read", [9, 9, 9])

    def test_an_observation_notifies(self):
        first = self.ask("observe", [3303, 0, 5700])
        self.assertTrue(first)
        for value in (31.5, 32.25):
            self.sets(self.modems, self.external_id, "/3303/0/5700", value)
            self.assertEqual(float(self.server.event("notified")["value"]), value)

    def test_an_update_reaches_the_server(self):
        self.stack.modem_act(self.modems, self.external_id, "update")
        self.server.event("updated", endpoint="awake")


class Asleep(ChainTest):
    server_script = "lwm2m_server.js"
    extra = PSM

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.external_id = "asleep@iot.example"
        cls.stack.provision(cls.external_id)
        cls.modems = cls.stack.start_modems("--device", cls.external_id, "--state", "psm")
        cls.server.event("registered", endpoint="asleep")

    def setUp(self):
        self.asleep(self.external_id)

    def wake(self):
        self.stack.modem_act(self.modems, self.external_id, "update")
        self.server.event("updated", endpoint="asleep")

    def asked(self, command, path, **fields):
        """What the server gets for a request that waits in custody until the device speaks, and how
        many frames the device got for it."""
        before = self.stack.frames_down(self.external_id)
        number = self.server.begin(command, endpoint="asleep", path=path, **fields)
        self.custody(self.external_id)
        self.assertFalse(self.server.has_answer(number))
        self.wake()
        answer = self.server.end(number)
        eventually("delivered", lambda: self.stack.device(self.external_id)["queue"]["messages"] == 0)
        return answer, self.stack.frames_down(self.external_id) - before

    def test_a_read_waits_for_the_device(self):
        answer, frames = self.asked("read", [3, 0, 2])
        self.assertEqual(answer, "asleep")
        # The answer to the Update, and the request once, however often the server sent it.
        self.assertEqual(frames, 2)

    def test_a_write_waits_for_the_device(self):
        self.asked("write", [1, 0, 1], value="1300")
        self.asleep(self.external_id)
        self.assertEqual(self.asked("read", [1, 0, 1])[0], "1300")

    def test_an_execute_waits_and_happens_once(self):
        self.asked("execute", [3303, 0, 5605], value="")
        device = call("GET", f"{self.modems.api}/devices/{self.external_id}")[1]
        self.assertEqual(device["executed"].get("/3303/0/5605"), 1, device["executed"])

    def test_what_is_measured_asleep_is_notified_when_the_device_speaks(self):
        self.asked("observe", [3303, 0, 5700])
        for value in (18.5, 19.25):
            self.asleep(self.external_id)
            self.sets(self.modems, self.external_id, "/3303/0/5700", value)
            self.wake()
            self.assertEqual(float(self.server.event("notified")["value"]), value)

    def test_a_deregister_ends_the_registration(self):
        self.stack.modem_act(self.modems, self.external_id, "deregister")
        self.server.event("unregistered")
        eventually("gone", lambda: self.server.ask("devices") == [])
        self.stack.modem_act(self.modems, self.external_id, "register")
        self.server.event("registered", endpoint="asleep")


if __name__ == "__main__":
    require_packages("lwm2m-node-lib")
    unittest.main(verbosity=2)
