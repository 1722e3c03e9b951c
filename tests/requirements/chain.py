"""What the tests of requirement labels share: the whole chain of real processes, and the two ends that
a test may take into its own hands."""

import json
import os
import pathlib
import sys
import unittest
import urllib.parse

from coap_peer import ACK, CONTENT_FORMAT, LINKS, LOCATION_PATH, POST, Peer, decode, number
from e2e import DOMAIN, StackTest, split
from stack import call, eventually

# The network runs ten times faster than a real one: who spoke is reachable for 1 s + 2 s (T3324).
SLEEPY = "profiles: {nb-iot: {reachability: {psm: {active_timer: 3s, period: 24h}}}}\n"
RESULTS = "SCEF_REQUIREMENTS_RESULTS"


class ChainTest(StackTest):
    """The LwM2M servers are `dm` (lwm2m-server-simulator), `own` and the bootstrap server `bs`, both the
    test's. Devices are those of modem-simulator, or hand-made ones of the test behind its tap."""

    extra = SLEEPY
    servers = ""

    @classmethod
    def configure(cls):
        cls.own, cls.bs = Peer(), Peer()
        cls.stack.configure(cls.extra, servers=f"""\
  - {{name: own, uri: "coap://{cls.own.address}"}}
  - {{name: bs, uri: "coap://{cls.bs.address}", bootstrap: true}}
{cls.servers}""")

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.own.close()
        cls.bs.close()

    def setUp(self):
        self.own.kept.clear()  # what is left of other tests
        self.bs.kept.clear()

    # ---- Devices

    def provision(self, name, **fields):
        external_id = f"{name}@{DOMAIN}"
        self.stack.provision(external_id, **fields)
        eventually("its NIDD configuration is ACTIVE", lambda: self.stack.device(external_id)
                   ["niddConfiguration"]["status"] == "ACTIVE")
        return external_id

    def client(self, name, *arguments, state="connected", **fields):
        """A device of modem-simulator that has registered at `dm`: External Identifier, modem."""
        fields.setdefault("profile", "nb-iot" if state == "psm" else "always-on")
        external_id = self.provision(name, **fields)
        modem = self.stack.start_modems("--device", external_id, "--state", state, *arguments,
                                        label="modem-" + name)
        self.addCleanup(modem.stop)
        eventually(f"{name} is registered, and knows", lambda: name in self.stack.clients() and
                   call("GET", f"{modem.api}/devices/{external_id}")[1]["registered"])
        return external_id, modem

    def client_of_own(self, name, *arguments, **fields):
        """A device of modem-simulator that registers at `own`, which answers: as `client`."""
        external_id = self.provision(name, server="own", **{"profile": "always-on", **fields})
        modem = self.stack.start_modems("--device", external_id, *arguments, label="modem-" + name)
        self.addCleanup(modem.stop)
        register = self.own.receive(lambda m: m.path == "/rd" and f"ep={name}" in m.query)
        self.own.answer(register, "2.01", [(LOCATION_PATH, b"rd"), (LOCATION_PATH, b"1")])
        eventually("it knows", lambda: self.stack.device(external_id)["registration"])
        return external_id, modem

    def addresses(self, external_id):
        """The virtual endpoint of the device for each of its servers."""
        return {e["server"]: split(e["address"]) for e in
                self.stack.device(external_id)["endpoints"]}

    def hand_made(self, name, state="connected", **fields):
        """A device that the test plays, behind the tap of a modem; `own` is its server."""
        fields.setdefault("profile", "nb-iot" if state == "psm" else "always-on")
        fields.setdefault("server", "own")
        external_id = self.provision(name, **fields)
        modem = self.stack.start_modems("--tap", f"127.0.0.1:0={external_id}", "--state", state,
                                        label="modem-" + name)
        self.addCleanup(modem.stop)
        eventually("attached", lambda: self.stack.ue_state(external_id) not in (None, "detached"))
        device = Peer(split(modem.taps[0].split("=")[0]))
        self.addCleanup(device.close)
        device.external_id, device.name = external_id, name
        device.address = self.addresses(external_id)
        return device

    def register(self, device, query="lt=300&lwm2m=1.1&b=N", links=b"</1/0>,</3/0>"):
        """The hand-made device registers at `own`: the Register as the server saw it."""
        path = f"/rd?ep={device.name}&{query}"
        asked = device.request(POST, path, [(CONTENT_FORMAT, number(LINKS))], links)
        register = self.own.request_for(POST, "/rd", device.address["own"])
        self.own.answer(register, "2.01", [(LOCATION_PATH, b"rd"), (LOCATION_PATH, b"1")])
        answer = device.answer_to(asked)
        self.assertEqual((answer.kind, answer.text), (ACK, "2.01"))
        return register

    def update(self, device):
        """The hand-made device updates its registration, and so is awake; `own` accepts it."""
        asked = device.request(POST, "/rd/1")
        self.own.answer(self.own.request_for(POST, "/rd/1", device.address["own"]), "2.04")
        self.assertEqual(device.answer_to(asked).text, "2.04")

    def ask(self, server, device, method, path, options=(), payload=b"", answer="2.05",
            answer_options=(), content=b""):
        """One exchange of hand-made ends; the request as the device saw it. Both must pass unchanged."""
        name = {self.own: "own", self.bs: "bs"}[server]
        asked = server.request(method, path, options, payload, to=device.address[name])
        seen = device.receive(lambda m: m.is_request)
        self.assertEqual(seen.meaning, asked.meaning)
        device.answer(seen, answer, answer_options, content)
        said = server.answer_to(asked)
        self.assertEqual((said.text, said.options, said.payload),
                         (answer, list(answer_options), content))
        return seen

    def falls_asleep(self, external_id):
        eventually("asleep in the network", lambda: self.stack.ue_state(external_id) == "psm", 30)
        eventually("asleep for the adapter", lambda: not self.stack.device(external_id)
                   ["reachability"]["reachable"], 30)

    # ---- What the network and the adapter saw

    def frames(self, external_id, kind="downlink"):
        """CoAP messages that went over the air, oldest first."""
        details = [entry["detail"] for entry in self.stack.frames(external_id, kind)]
        return [decode(bytes.fromhex(d.get("data", d.get("hex", "")))) for d in details]

    def requests(self, external_id):
        return [frame for frame in self.frames(external_id) if frame.is_request]

    def t8(self, external_id, kind="t8-request"):
        """The SCEF's log of T8 for a device: details, oldest first."""
        return [entry["detail"] for entry in self.stack.frames(external_id, kind)]

    def deliveries(self, external_id):
        """Bodies of the downlink deliveries that the adapter asked the SCEF for."""
        return [request["body"] for request in self.t8(external_id)
                if request["method"] == "POST" and "downlink-data-deliveries" in request["path"]]

    def send(self, external_id, frame, headers=None, **members):
        path = "/devices/" + urllib.parse.quote(external_id) + "/messages"
        return self.stack.adapter_call("POST", path, {"payload": frame, **members}, headers)

    def message(self, message_id):
        return self.stack.adapter_call("GET", "/messages/" + message_id)[1]

    def messages(self, external_id):
        path = "/devices/" + urllib.parse.quote(external_id) + "/messages"
        return self.stack.adapter_call("GET", path)[1]["items"]

    def metric(self, name):
        lines = self.stack.metrics().splitlines()
        return sum(float(line.split()[-1]) for line in lines
                   if line.startswith("scef_adapter_" + name))


class _Recorder(unittest.TextTestResult):
    """Keeps the verdict of each test, for the document."""

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.verdicts = {}

    def startTest(self, test):
        super().startTest(test)
        self.verdicts[test.id().replace("__main__", pathlib.Path(sys.argv[0]).stem)] = "passed"

    def _spoil(self, test, verdict):
        name = test.id().replace("__main__", pathlib.Path(sys.argv[0]).stem)
        if name in self.verdicts:
            self.verdicts[name] = verdict

    def addError(self, test, err):
        super().addError(test, err)
        self._spoil(test, "failed")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._spoil(test, "failed")

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._spoil(test, "failed")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._spoil(test, "skipped")


def main():
    """Runs the tests of the file and writes their verdicts into the folder that the environment names."""
    folder, name = os.environ.get(RESULTS), pathlib.Path(sys.argv[0]).stem
    file = pathlib.Path(folder) / f"{name}.json" if folder else None
    if file:
        file.unlink(missing_ok=True)  # a run that ends early leaves no verdicts of an earlier one
    runner = unittest.TextTestRunner(verbosity=2, resultclass=_Recorder)
    program = unittest.main(module="__main__", testRunner=runner, exit=False)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(program.result.verdicts, indent=1) + "\n", encoding="utf-8")
    sys.exit(0 if program.result.wasSuccessful() else 1)
