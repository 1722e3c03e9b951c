"""Queue mode, firmware and bootstrap by lwm2m-server-simulator through the whole chain, against the
client of modem-simulator, with modems that sleep in between."""

import base64
import json
import os
import threading
import unittest
import urllib.parse
import urllib.request

from server_chain import SENML, ServerTest, values
from stack import call, eventually


class QueueMode(ServerTest):
    @classmethod
    def start_server(cls):
        cls.stack.start_server("--queue-mode", "--awake-time", "2s", "--hold-time", "1h")

    def test_operations_wait_for_a_client_that_sleeps(self):
        self.device("queued", "--queue-mode")
        eventually("it sleeps", lambda: self.get("/clients/queued")["presence"] == "SLEEPING")
        before = self.stack.frames_down(self.external_id)
        answers = {}

        def read(path):
            answers[path] = self.stack.operate("queued", "read", path=path)

        paths = ["/3/0/0", "/3/0/2"]
        readers = [threading.Thread(target=read, args=(p,), daemon=True) for p in paths]
        for at, reader in enumerate(readers, 1):
            reader.start()
            eventually("held", lambda: self.get("/clients/queued")["requestsHeld"] == at)
        self.assertEqual(self.stack.frames_down(self.external_id), before)
        self.act("update")
        for reader in readers:
            reader.join(60)
        self.assertEqual([answers[p]["code"] for p in paths], ["2.05", "2.05"])
        told = [e["type"] for e in self.stack.server_events("queued") if e["type"] in
                ("AWAKE", "SLEEPING", "REQUEST_HELD", "RESPONSE")]
        self.assertEqual(told[-7:-2] if told[-1] == "SLEEPING" else told[-6:-1],
                         ["SLEEPING", "REQUEST_HELD", "REQUEST_HELD", "AWAKE", "RESPONSE"])


class Firmware(ServerTest):
    @classmethod
    def start_server(cls):
        cls.files = os.path.join(cls.dir, "files")
        os.makedirs(cls.files)
        cls.stack.start_server("--files", cls.files, "--timeout", "300s")

    def package(self, size=8000, version="2.5"):
        url = f"{self.modem.api}/firmware-package?version={version}&size={size}"
        with urllib.request.urlopen(url) as reply:
            octets = reply.read()
        with open(os.path.join(self.files, f"{self.name}.fw"), "wb") as file:
            file.write(octets)
        return octets

    def update(self, **body):
        url = f"{self.stack.server_api}/clients/{self.name}/firmware"
        status, said = call("POST", url, body)
        self.assertEqual(status, 202, said)

    def phases(self):
        return list(dict.fromkeys(e["phase"] for e in self.events("FIRMWARE_STATE")))

    def is_over(self):
        state = self.get(f"/clients/{self.name}/firmware")
        return state["phase"] in ("DONE", "FAILED") and state

    def sleep_in_between(self):
        """After some blocks the modem is put to sleep, and wakes when the adapter waits for it."""
        eventually("some blocks are over there", lambda: self.events("FIRMWARE_PROGRESS"), 60)
        url = f"{self.stack.scef_control}/ues/{urllib.parse.quote(self.external_id)}"
        self.assertLess(call("PATCH", url, {"state": "psm"})[0], 300)
        self.assertNotIn("DOWNLOADED", self.phases(), "the modem was to sleep before the end")
        eventually("asleep", lambda: self.stack.ue_state(self.external_id) == "psm", 30)

    def ends(self, method, size):
        state = eventually("over", self.is_over, 120)
        self.assertEqual((state["phase"], state["result"], state["method"]), ("DONE", 1, method), state)
        self.assertEqual((state["bytes"], state["bytesAll"]), (size, size))
        self.assertEqual(self.phases(), ["PREPARING", "DOWNLOADING", "DOWNLOADED", "UPDATING", "DONE"])
        percents = [e["percent"] for e in self.events("FIRMWARE_PROGRESS")]
        self.assertEqual((percents, percents[-1]), (sorted(percents), 100))
        self.assertEqual(self.do("read", "2.05", path="/3/0/3")["payload"], "2.5")

    def test_a_push_survives_sleep_between_blocks(self):
        self.device("push", sleepy=True)
        size = len(self.package(150000))
        self.update(file="push.fw", method="push")
        self.sleep_in_between()
        self.act("update")
        self.ends("push", size)

    def test_a_pull_survives_sleep_between_blocks(self):
        self.device("pull", sleepy=True)
        size = len(self.package(150000))
        listed = {f["name"]: f for f in self.get("/files")}
        self.assertEqual(listed["pull.fw"]["bytes"], size)
        self.update(file="pull.fw", method="pull")
        self.sleep_in_between()
        self.ends("pull", size)
        self.assertEqual([e["name"] for e in self.events("FILE_SENT")], ["pull.fw"])

    def test_a_bad_package_ends_with_its_result(self):
        self.device("bad")
        self.update(package=base64.b64encode(b"no package").decode())
        state = eventually("over", self.is_over, 60)
        self.assertEqual((state["phase"], state["result"]), ("FAILED", 6), state)
        octets = bytearray(self.package())
        octets[-1] ^= 1
        self.update(package=base64.b64encode(octets).decode())
        state = eventually("over", self.is_over, 60)
        self.assertEqual((state["phase"], state["resultName"]), ("FAILED", "integrity check failed"))

    def test_a_download_without_install_and_a_pull_of_what_is_not_there(self):
        self.device("only")
        self.package()
        self.update(file="only.fw", method="pull", install=False)
        self.assertEqual(eventually("over", self.is_over, 60)["stateName"], "downloaded")
        self.assertEqual(self.state()["firmware"]["state"], "downloaded")
        self.update(uri=self.stack.server_uri + "/files/nothing")
        state = eventually("over", self.is_over, 60)
        self.assertEqual((state["phase"], state["resultName"]), ("FAILED", "invalid URI"))


class Bootstrap(ServerTest):
    @classmethod
    def configure(cls):
        config = os.path.join(cls.dir, "bootstrap.json")
        with open(config, "w", encoding="utf-8") as file:
            json.dump({
                "default": {"byHand": True},
                "clients": {"two-servers": {
                    "discover": True, "delete": ["/"], "contentFormat": "senml-cbor",
                    "servers": [
                        {"shortServerId": 11, "uri": cls.stack.server_uri, "lifetime": "77s",
                         "binding": "N", "registrationPriorityOrder": 1, "initialRegistrationDelay": 0,
                         "retryCount": 2, "retryTimer": 5, "sequenceDelayTimer": 60,
                         "sequenceRetryCount": 1, "bootstrapOnRegistrationFailure": True,
                         "registrationFailureBlock": False, "muteSend": True},
                        {"shortServerId": 12, "uri": "coap://192.0.2.1", "lifetime": 1000,
                         "binding": "N"}],
                    "accessControl": [
                        {"object": 1, "objectInstance": 1, "rights": {"11": "RW"}},
                        {"object": 3, "objectInstance": 0, "rights": {"11": "R", "12": "RWE"}}]}}}, file)
        cls.bootstrap_server = cls.stack.program(
            "lwm2m-server-simulator", "--listen", "127.0.0.1:0", "--api", "127.0.0.1:0",
            "--bootstrap", "--bootstrap-config", config, label="bootstrap-server")
        cls.bootstrap_api = "http://" + cls.bootstrap_server.field("api")
        cls.stack.configure(cls.extra, servers=f"""\
  - {{name: bs, uri: "coap://{cls.bootstrap_server.field("coap")}", bootstrap: true}}
""")

    def by_hand(self, operation, code="2.04", **body):
        url = f"{self.bootstrap_api}/clients/{self.name}/bootstrap-{operation}"
        status, answer = call("POST", url, {"timeout": 60, **body})
        self.assertEqual((status, answer.get("code")), (200, code), answer)
        return answer

    def asked(self):
        status, client = call("GET", f"{self.bootstrap_api}/clients/{self.name}")
        return status == 200 and client

    def told(self, kind):
        url = f"{self.bootstrap_api}/clients/{self.name}/events?format=json&type={kind}"
        return call("GET", url)[1]

    def test_a_client_gets_what_the_file_says_of_it(self):
        self.start("two-servers", "--bootstrap")
        eventually("registered", lambda: "two-servers" in self.stack.clients() and
                   self.state()["registered"])
        self.assertEqual(self.stack.clients()["two-servers"]["lifetime"], 77)
        steps = [(e["operation"], e["path"], e["code"]) for e in self.told("BOOTSTRAP_STEP")]
        self.assertEqual([(o[10:], p) for o, p, _ in steps], [
            ("discover", "/"), ("delete", "/"), ("write", "/0/1"), ("write", "/1/1"),
            ("write", "/0/2"), ("write", "/1/2"), ("write", "/2/0"), ("write", "/2/1"),
            ("finish", "/bs")])
        account = self.do("read", "2.05", path="/1/1")["payload"]
        self.assertEqual((account["0"], account["1"], account["23"]), (11, 77, True))
        kept = {path: self.held(f"/1/1/{path}")["value"] for path in (13, 14, 15, 16, 17, 18, 19, 20)}
        self.assertEqual(kept, {13: 1, 14: 0, 15: False, 16: True, 17: 2, 18: 5, 19: 60, 20: 1})
        self.do("read", "2.05", path="/3/0/0")
        self.do("execute", "4.01", path="/3/0/12")
        self.do("read", "4.01", path="/1/2")
        self.assertEqual(self.asked()["state"], "FINISHED")

    def test_a_client_is_bootstrapped_by_hand(self):
        self.start("hand", "--bootstrap")
        eventually("it asked", self.asked)
        self.assertIn("</3/0>", self.by_hand("discover", "2.05", path="/")["payload"])
        self.by_hand("read", "4.05", path="/3")
        self.by_hand("delete", "2.02", path="/1")
        self.by_hand("write", path="/0/5", contentFormat="senml-json", values={
            "0": self.stack.server_uri, "1": False, "2": 3, "10": 5})
        self.by_hand("write", path="/1/5", values={"0": 5, "1": 99, "6": True, "7": "N"})
        self.by_hand("write", path="/1/5/1", value=88)
        for accept in ("tlv",) + SENML:
            account = self.by_hand("read", "2.05", path="/1/5", accept=accept)["payload"]
            self.assertEqual(account["1"] if accept == "tlv" else values(account)["/1/5/1"], 88)
        self.assertNotIn("hand", self.stack.clients())
        self.by_hand("finish")
        eventually("registered", lambda: "hand" in self.stack.clients())
        self.assertEqual(self.stack.clients()["hand"]["lifetime"], 88)
        self.assertEqual(len(self.told("BOOTSTRAP_FINISHED")), 1)

    def test_a_server_sends_its_client_to_a_new_bootstrap(self):
        self.device("again", "--bootstrap-account")
        self.do("execute", "2.04", path="/1/0/9")
        eventually("it asked", self.asked)
        status, said = call("POST", f"{self.bootstrap_api}/clients/again/bootstrap", {
            "servers": [{"uri": self.stack.server_uri, "lifetime": 66, "binding": "N"}]})
        self.assertEqual(status, 202, said)
        eventually("registered anew", lambda: self.stack.clients()["again"]["lifetime"] == 66)


if __name__ == "__main__":
    unittest.main(verbosity=2)
