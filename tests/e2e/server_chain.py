"""What the tests of lwm2m-server-simulator share: devices of modem-simulator behind the whole chain."""

from e2e import DOMAIN, StackTest
from stack import call, eventually

# The network runs ten times faster than a real one: who spoke is reachable for 1 s + 2 s (T3324).
SLEEPY = "profiles: {nb-iot: {reachability: {psm: {active_timer: 3s, period: 24h}}}}\n"
SENML = ("senml-json", "senml-cbor")


def values(records):
    """SenML records as values by path."""
    base, found = "", {}
    for record in records:
        base = record.get("bn", base)
        value = [v for k, v in record.items() if k in ("v", "vs", "vb", "vd", "vlo")]
        found[base + record.get("n", "")] = value[0] if value else None
    return found


class ServerTest(StackTest):
    extra = SLEEPY

    def device(self, name, *arguments, sleepy=False):
        """A device of modem-simulator that is registered, and knows it."""
        self.start(name, *arguments, sleepy=sleepy)
        eventually(f"{name} is registered, and knows", lambda: name in self.stack.clients() and
                   self.state()["registered"])

    def start(self, name, *arguments, sleepy=False):
        self.name, self.external_id = name, f"{name}@{DOMAIN}"
        self.stack.provision(self.external_id, profile="nb-iot" if sleepy else "always-on")
        eventually("its NIDD configuration is ACTIVE", lambda: self.stack.device(self.external_id)
                   ["niddConfiguration"]["status"] == "ACTIVE")
        self.modem = self.stack.start_modems(
            "--device", self.external_id, "--state", "psm" if sleepy else "connected", *arguments,
            label="modem-" + name)
        self.addCleanup(self.modem.stop)
        self.url = f"{self.modem.api}/devices/{self.external_id}"

    def state(self):
        return call("GET", self.url)[1]

    def measure(self, path, value):
        status, said = call("PUT", f"{self.url}/resources{path}", {"value": value})
        self.assertLess(status, 300, said)

    def held(self, path):
        """What the device has there."""
        return call("GET", f"{self.url}/resources{path}")[1]

    def do(self, operation, code, **body):
        answer = self.stack.operate(self.name, operation, **body)
        self.assertEqual(answer.get("code"), code, answer)
        return answer

    def events(self, kind):
        return self.stack.server_events(self.name, kind)

    def get(self, path):
        return call("GET", self.stack.server_api + path)[1]

    def asleep(self):
        eventually("asleep in the network", lambda: self.stack.ue_state(self.external_id) == "psm", 30)
        eventually("asleep for the adapter", lambda: not self.stack.device(self.external_id)
                   ["reachability"]["reachable"], 30)

    def act(self, action):
        self.stack.modem_act(self.modem, self.external_id, action)
