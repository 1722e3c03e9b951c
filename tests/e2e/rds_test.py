"""Two LwM2M servers on one device, told apart by the static ports of the Reliable Data Service."""

import concurrent.futures
import unittest
import urllib.parse

from e2e import DOMAIN, StackTest
from stack import call, eventually

DM = {"portUE": 1, "portSCEF": 2}
FW = {"portUE": 3, "portSCEF": 4}


class Rds(StackTest):
    @classmethod
    def configure(cls):
        cls.second = cls.stack.program("lwm2m-server-simulator", "--listen", "127.0.0.1:0", "--api",
                                       "127.0.0.1:0", label="second-server")
        cls.second_api = "http://" + cls.second.field("api")
        cls.stack.configure(
            dm=", rds: {port_ue: 1, port_scef: 2}",
            servers=f"""\
  - {{name: fw, uri: "coap://{cls.second.field("coap")}", rds: {{port_ue: 3, port_scef: 4}}}}
""")

    def second_clients(self):
        return {c["endpoint"]: c for c in call("GET", self.second_api + "/clients")[1]}

    def second_reads(self, name, path):
        url = f"{self.second_api}/clients/{urllib.parse.quote(name)}/read"
        return call("POST", url, {"path": path, "timeout": 60})[1]

    def put(self, external_id, body):
        return self.stack.adapter_call("PUT", "/devices/" + urllib.parse.quote(external_id), body)

    def registrations(self, external_id):
        return {e["server"]: e["registration"] is not None
                for e in self.stack.device(external_id)["endpoints"]}

    def ports_of_frames(self, external_id, kind="downlink"):
        return [f["detail"].get("rdsPort") for f in self.stack.frames(external_id, kind)]

    def test_both_servers_register_and_read_the_same_device(self):
        external_id = f"both@{DOMAIN}"
        device = self.stack.provision(external_id, servers=["dm", "fw"])
        self.assertEqual([e["server"] for e in device["endpoints"]], ["dm", "fw"])
        modems = self.stack.start_modems("--device", external_id, "--rds", "1:2", "--rds", "3:4")
        eventually("registered with both", lambda: self.registrations(external_id) ==
                   {"dm": True, "fw": True})
        paths = ["/3/0/0", "/3/0/1", "/3/0", "/3", "/1/0/1"]  # the same twice would share a frame
        with concurrent.futures.ThreadPoolExecutor() as pool:
            first = [pool.submit(self.stack.operate, "both", "read", path=path) for path in paths]
            second = [pool.submit(self.second_reads, "both", path) for path in paths]
            self.assertEqual({r.result()["code"] for r in first + second}, {"2.05"})
        ports = self.ports_of_frames(external_id)
        self.assertEqual([ports.count(DM), ports.count(FW), ports.count(None)], [6, 6, 0])

        url = f"{self.second_api}/clients/both/write"  # access control: the account of the other
        for path, code in [("/1/1/2", "2.04"), ("/1/0/2", "4.01"), ("/3303/0/5750", "2.04")]:
            self.assertEqual(call("POST", url, {"path": path, "value": 5})[1]["code"], code, path)

        self.stack.adapter.kill()
        self.stack.start_adapter()
        self.assertEqual(self.registrations(external_id), {"dm": True, "fw": True})
        self.assertEqual(self.second_reads("both", "/3/0/0")["code"], "2.05")

        self.stack.modem_act(modems, external_id, "deregister")
        eventually("gone from both", lambda: "both" not in self.stack.clients() and
                   "both" not in self.second_clients())
        eventually("no registration left", lambda: self.registrations(external_id) ==
                   {"dm": False, "fw": False})

    def test_a_server_is_added_to_a_device_that_lives(self):
        external_id = f"later@{DOMAIN}"
        self.stack.provision(external_id)
        self.stack.start_modems("--device", external_id, "--rds", "1:2", "--rds", "3:4",
                                "--ack-timeout", "2s", label="modems-later")
        eventually("registered", lambda: "later" in self.stack.clients())
        self.assertNotIn("later", self.second_clients())
        eventually("the other is refused", lambda: "uplinks_unknown_rds_ports_total 0" not in
                   self.stack.metrics())
        status, device = self.put(external_id, {"servers": ["dm", "fw"]})
        self.assertEqual((status, len(device["endpoints"])), (200, 2))
        eventually("registered with the other", lambda: "later" in self.second_clients(), 60)
        self.assertEqual(self.second_reads("later", "/3/0/0")["code"], "2.05")
        self.assertEqual(self.put(external_id, {"servers": ["fw", "dm"]})[0], 409)

    def test_an_uplink_by_ports_of_nobody_reaches_nobody(self):
        external_id = f"stray@{DOMAIN}"
        self.stack.provision(external_id, servers=["dm", "fw"])
        eventually("configured", lambda: self.stack.device(external_id)["niddConfiguration"]
                   ["status"] == "ACTIVE")
        status, _ = call("POST", self.stack.scef_control + "/uplinks", {
            "externalId": external_id, "data": "QAEAAQ==", "rdsPort": {"portUE": 9, "portSCEF": 9}})
        self.assertEqual(status, 202)
        eventually("logged", lambda: "RDS_PORTS_UNKNOWN" in self.stack.adapter.log_tail(50) and
                   external_id in self.stack.adapter.log_tail(50))

    def ctl(self, *arguments, text=None):
        done = self.stack.ctl(*arguments, text=text)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_the_command_line_adds_and_shows_several_servers(self):
        added = self.ctl("devices", "add", f"one@{DOMAIN}", "--server", "dm", "--server", "fw")
        self.assertIn("by RDS ports 3 (device), 4 (SCEF)", added)
        table = f"externalId,servers\ntwo@{DOMAIN},fw;dm\nthree@{DOMAIN},fw\n"
        self.assertIn("created 2", self.ctl("devices", "import", "-", text=table))
        self.assertEqual(self.stack.device(f"two@{DOMAIN}")["servers"], ["fw", "dm"])
        self.assertEqual(self.stack.device(f"three@{DOMAIN}")["server"], "fw")


if __name__ == "__main__":
    unittest.main(verbosity=2)
