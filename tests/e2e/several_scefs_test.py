"""Several operators at once behind one adapter: each device is served by the SCEF of its domain, and a
SCEF that is dead, hangs or refuses everything harms nobody but its own devices.
"""

import concurrent.futures
import os
import signal
import unittest

import ports
from e2e import StackTest, make_certificates
from stack import call, eventually

READS = 10


class Operator:
    """One scef-simulator on ports of its own, with two modems whose devices are of its domain."""

    def __init__(self, stack, profile, *arguments, scheme="http"):
        self.profile, self.domain = profile, f"{profile}.example"
        self.names = [f"{profile}-{number}" for number in (1, 2)]
        self.devices = [f"{name}@{self.domain}" for name in self.names]
        self.program = stack.program(
            "scef-simulator", "--listen", f"127.0.0.1:{ports.one()}", "--control",
            f"127.0.0.1:{ports.one()}", "--modem-listen", f"127.0.0.1:{ports.one()}",
            "--time-scale", "10", "--profile", profile, *arguments, label="scef-" + profile)
        self.api_root = f"{scheme}://{self.program.field('t8')}"
        self.control = "http://" + self.program.field("control")

    def start_modems(self, stack):
        devices = [word for device in self.devices for word in ("--device", device)]
        self.modems = stack.program("modem-simulator", "--scef", self.program.field("modem"), "--api",
                                    "127.0.0.1:0", *devices, label="modems-" + self.profile)
        self.modems.api = "http://" + self.modems.field("api")

    def entry(self, profile, auth="{}"):
        return (f'  - {{name: {self.profile}, api_root: "{self.api_root}", scs_as_id: lwm2m-dm, '
                f'domains: [{self.domain}], profile: {profile}, auth: {auth}}}\n')

    def configured(self):
        """The External Identifiers that have a NIDD configuration here."""
        return {ue["externalId"] for ue in call("GET", self.control + "/ues")[1]
                if ue["niddConfiguration"]}

    def frames_down(self):
        """Of each device, how many frames went to it."""
        ues = call("GET", self.control + "/counters")[1]["ues"]
        return [ues[device]["frames_downlink_total"] for device in self.devices]


class SeveralScefs(StackTest):
    @classmethod
    def configure(cls):
        stack = cls.stack
        make_certificates(cls.dir, "scef")
        text = stack.canaries.make("OAuth2 client secret")
        secret = stack.canaries.write(os.path.join(cls.dir, "secret"), text)
        stack.canaries.write(os.path.join(cls.dir, "scef.yaml"), (
            f"auth: {{oauth2: {{client_id: dm, client_secret: {text}, token_lifetime: 60s}}}}\n"))
        cls.release_18 = Operator(stack, "3gpp-r18")
        cls.oracle = Operator(stack, "oracle")
        cls.mts = Operator(stack, "mts", "--config", os.path.join(cls.dir, "scef.yaml"),
                           "--tls-certificate", os.path.join(cls.dir, "scef.pem"), "--tls-key",
                           os.path.join(cls.dir, "scef.key"), scheme="https")
        cls.operators = [cls.release_18, cls.oracle, cls.mts]
        auth = (f'{{oauth2: {{token_url: "{cls.mts.api_root}/oauth2/token", client_id: dm, '
                f'client_secret_file: {secret}}}, tls: {{ca_file: {cls.dir}/ca.pem}}}}')
        entries = (cls.release_18.entry("3gpp") + cls.oracle.entry("oracle")
                   + cls.mts.entry("mts", auth))
        stack.configure()
        with open(stack.config_file, encoding="utf-8") as file:
            text = file.read()
        with open(stack.config_file, "w", encoding="utf-8") as file:
            file.write(text.replace("scefs:\n", "scefs:\n" + entries))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            for operator in cls.operators:
                for device in operator.devices:
                    cls.stack.provision(device)
                operator.start_modems(cls.stack)
            names = {name for operator in cls.operators for name in operator.names}
            eventually("all are registered", lambda: names <= set(cls.stack.clients()), 60)
        except BaseException:
            cls.stack.stop()
            raise

    def read(self, name):
        return self.stack.operate(name, "read", path="/3/0/0")["code"]

    def reads_through(self, *operators):
        """So many reads of each device of theirs, all at once: each is answered, by its own SCEF."""
        before = [operator.frames_down() for operator in operators]
        names = [name for operator in operators for name in operator.names]
        with concurrent.futures.ThreadPoolExecutor(len(names)) as pool:
            codes = list(pool.map(lambda name: [self.read(name) for _ in range(READS)], names))
        self.assertEqual(codes, [["2.05"] * READS] * len(names))
        for operator, then in zip(operators, before):
            for now, frames in zip(operator.frames_down(), then):
                self.assertGreaterEqual(now - frames, READS, operator.profile)

    def others(self, operator):
        return [other for other in self.operators if other is not operator]

    def in_custody(self, name):
        return len(self.stack.server_events(name, "AWAITING_RESPONSE"))

    def while_reads_wait_for(self, operator):
        """A read of each device of this SCEF is in the adapter's custody; the others' go on, and none
        of these ends meanwhile. Gives them."""
        before = [self.in_custody(name) for name in operator.names]
        pool = concurrent.futures.ThreadPoolExecutor(len(operator.names))
        self.addCleanup(pool.shutdown)
        waiting = [pool.submit(self.read, name) for name in operator.names]
        for name, count in zip(operator.names, before):
            eventually("the adapter has it", lambda: self.in_custody(name) > count)
        self.reads_through(*self.others(operator))
        self.assertFalse(any(read.done() for read in waiting))
        return waiting

    def assert_end_well(self, reads):
        self.assertEqual([read.result() for read in reads], ["2.05"] * len(reads))

    def test_each_device_is_served_by_the_scef_of_its_domain(self):
        self.reads_through(*self.operators)
        for operator in self.operators:
            self.assertEqual(operator.configured(), set(operator.devices))
        self.assertEqual(call("GET", self.stack.scef_control + "/ues")[1], [])

    def test_a_scef_that_refuses_everything_harms_only_its_own_devices(self):
        call("POST", self.oracle.control + "/faults",
             {"operation": "any", "times": 100000, "status": 503, "retryAfter": 1})
        waiting = self.while_reads_wait_for(self.oracle)
        call("DELETE", self.oracle.control + "/faults")
        self.assert_end_well(waiting)
        self.reads_through(*self.operators)

    def test_a_scef_that_hangs_harms_only_its_own_devices(self):
        process = self.mts.program.process
        process.send_signal(signal.SIGSTOP)
        try:
            waiting = self.while_reads_wait_for(self.mts)
        finally:
            process.send_signal(signal.SIGCONT)
        self.assert_end_well(waiting)
        self.reads_through(*self.operators)

    def test_a_scef_that_dies_and_comes_back_empty_gets_its_configurations_anew(self):
        operator = self.release_18
        operator.program.kill()
        waiting = self.while_reads_wait_for(operator)
        operator.program.start()
        self.assertEqual(operator.configured(), set())
        for device in operator.devices:
            eventually("its configuration is there anew", lambda: device in operator.configured(), 90)
            self.stack.modem_act(operator.modems, device, "update")  # so the SCEF hears of its modem
        self.assert_end_well(waiting)
        self.reads_through(*self.operators)

    def test_a_token_that_the_operator_revokes_is_fetched_anew(self):
        self.assertEqual(call("POST", self.mts.control + "/oauth2/revoke")[0], 200)
        self.reads_through(*self.operators)


if __name__ == "__main__":
    unittest.main(verbosity=2)
