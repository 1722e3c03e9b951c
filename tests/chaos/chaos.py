"""What the tests of faults share: the chain of real processes, with proxies between the adapter and its
LwM2M server and its SCEF, whose faults the test chooses."""

import json
import urllib.parse

import ports
from chaos_proxy import DatagramProxy, StreamProxy, split
from coap_peer import decode
from e2e import DOMAIN, StackTest
from patient_server import PatientServer
from stack import call, eventually

# A machine that is busy with other things takes long for everything: no timer of a device may end for that.
STEADY = "profiles: {steady: {reachability: always, device_ack_timeout: 5m}}\n"
END_STATES = {"DELIVERED", "EXPIRED", "FAILED", "DEAD", "CANCELED", "UNCONFIRMED", "SUPERSEDED"}


class ChaosTest(StackTest):
    """The devices are modem-simulator's; their LwM2M server is `server`, behind the proxy `datagrams`. The
    SCEF is behind the proxy `streams`, its notifications are not."""

    extra = STEADY
    scef_keys = ""

    @classmethod
    def start_server(cls):
        cls.server = PatientServer()
        cls.datagrams = DatagramProxy(split(cls.server.address), listen=("127.0.0.1", ports.one()))
        cls.stack.server_uri = "coap://" + cls.datagrams.address

    @classmethod
    def configure(cls):
        cls.streams = StreamProxy(split(cls.stack.scef.field("t8")), listen=("127.0.0.1", ports.one()))
        cls.stack.scef_api_root = "http://" + cls.streams.address
        super().configure()
        cls.rewrite_configuration('domains: ["*"]', 'domains: ["*"]' + cls.scef_keys)

    @classmethod
    def rewrite_configuration(cls, old, new):
        with open(cls.stack.config_file, encoding="utf-8") as file:
            text = file.read()
        assert old in text, old
        with open(cls.stack.config_file, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new))

    @classmethod
    def tearDownClass(cls):
        try:
            super().tearDownClass()
        finally:
            cls.streams.close()
            cls.datagrams.close()
            cls.server.close()

    def devices(self, *names, state="connected", **fields):
        """Devices that are registered at `server`: their External Identifiers. Their modem is `modems`."""
        found = [f"{name}@{DOMAIN}" for name in names]
        for device in found:
            self.stack.provision(device, **{"profile": "steady", **fields})
        words = [word for device in found for word in ("--device", device)]
        self.modems = self.stack.start_modems(*words, "--state", state, label="modems-" + names[0])
        self.addCleanup(self.modems.stop)
        eventually("they are registered, and know it", lambda: all(
            call("GET", f"{self.modems.api}/devices/{device}")[1]["registered"] for device in found), 90)
        return found

    # ---- Messages of the API

    def send(self, device, payload, **members):
        return self.stack.adapter_call("POST", f"/devices/{urllib.parse.quote(device)}/messages",
                                       {"payload": payload, **members})

    def message(self, identity):
        return self.stack.adapter_call("GET", f"/messages/{identity}")[1]

    def end_of(self, identity, seconds=90):
        """The message, once it has come to its end."""
        def ended():
            message = self.message(identity)
            return message if message["state"] in END_STATES else None
        return eventually("the message has come to its end", ended, seconds)

    # ---- What went over the air, and what the adapter says

    def requests_on_air(self, device):
        """Octets of the requests that went to the device, oldest first."""
        details = [entry["detail"] for entry in self.stack.frames(device)]
        frames = [bytes.fromhex(detail.get("data", detail.get("hex", ""))) for detail in details]
        return [frame for frame in frames if decode(frame).is_request]

    def metric(self, name):
        return sum(float(line.split()[-1]) for line in self.stack.metrics().splitlines()
                   if line.startswith("scef_adapter_" + name))

    def notification_destination(self, device):
        """The capability that the SCEF was given for the device."""
        for entry in reversed(self.stack.frames(device, "t8-request")):
            body = entry["detail"].get("body")
            body = json.loads(body) if isinstance(body, str) else body or {}
            if "notificationDestination" in body:
                return body["notificationDestination"]
        raise AssertionError(f"no configuration was made for {device}")

    def assert_adapter_lives(self):
        self.assertTrue(self.stack.adapter.is_running())
        self.assertEqual(call("GET", self.stack.api + "/readyz")[0], 200)
