"""`scef-adapterctl doctor` against scef-simulator in each of its profiles, all at the same time."""

import concurrent.futures
import json
import unittest

from e2e import StackTest
from stack import call, eventually

PROFILES = ["3gpp-r18", "3gpp-r15", "oracle", "mts"]


def domain(profile):
    return f"{profile}.example"


class Doctor(StackTest):
    @classmethod
    def configure(cls):
        """One SCEF for each profile beside that of the stack, and one that nobody listens at."""
        cls.stack.configure()
        entries = "".join(cls.entry(name) for name in PROFILES)
        entries += ('  - {name: dead, api_root: "http://127.0.0.1:1", scs_as_id: lwm2m-dm, '
                    'domains: [dead.example]}\n')
        with open(cls.stack.config_file, encoding="utf-8") as file:
            text = file.read()
        with open(cls.stack.config_file, "w", encoding="utf-8") as file:
            file.write(text.replace("scefs:\n", "scefs:\n" + entries))

    @classmethod
    def entry(cls, profile):
        scef = cls.stack.program("scef-simulator", "--listen", "127.0.0.1:0", "--control",
                                 "127.0.0.1:0", "--modem-listen", "127.0.0.1:0", "--time-scale",
                                 "10", "--profile", profile, label="scef-" + profile)
        scef.api = "http://" + scef.field("control")
        setattr(cls, "scef_" + profile.replace("-", "_"), scef)
        return (f'  - {{name: {profile}, api_root: "http://{scef.field("t8")}", '
                f'scs_as_id: lwm2m-dm, domains: [{domain(profile)}]}}\n')

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            with concurrent.futures.ThreadPoolExecutor() as pool:
                runs = {name: pool.submit(cls.examine, name, f"probe@{domain(name)}")
                        for name in PROFILES}
            cls.reports = {name: run.result() for name, run in runs.items()}
        except BaseException:
            cls.stack.stop()
            raise

    @classmethod
    def doctor(cls, *arguments):
        return cls.stack.ctl("doctor", *arguments)

    @classmethod
    def examine(cls, scef, device):
        done = cls.doctor("--scef", scef, "--device", device, "--json")
        report = json.loads(done.stdout) if done.stdout else {}
        report["exit"] = done.returncode
        report["steps"] = {f["step"]: f["verdict"] for f in report.get("findings", [])}
        report["details"] = {f["step"]: f["detail"] for f in report.get("findings", [])}
        return report

    def check(self, profile, steps):
        report = self.reports[profile]
        seen = {step: report["steps"].get(step) for step in steps}
        self.assertEqual(seen, steps, report["details"])

    def advised(self, profile):
        return {a["key"]: a["value"] for a in self.reports[profile]["summary"]["configuration"]}

    def features(self, profile):
        return {f["feature"]: f["has"] for f in self.reports[profile]["summary"]["features"]}

    def test_nothing_fails_and_nothing_is_left_behind(self):
        for profile in PROFILES:
            self.assertEqual(self.reports[profile]["exit"], 0, self.reports[profile]["details"])
            scef = getattr(self, "scef_" + profile.replace("-", "_"))
            t8 = f"http://{scef.field('t8')}"
            for path in ("/3gpp-nidd/v1/lwm2m-dm/configurations",
                         "/3gpp-device-triggering/v1/lwm2m-dm/transactions",
                         "/3gpp-monitoring-event/v1/lwm2m-dm/subscriptions"):
                self.assertEqual(call("GET", t8 + path), (200, []), profile + path)

    def test_what_every_profile_has_works(self):
        for profile in PROFILES:
            self.check(profile, dict.fromkeys(
                ("reach", "create", "location", "echo", "packet size", "read", "list",
                 "renew", "second create", "deliver now", "read delivery", "list deliveries",
                 "replace delivery", "cancel delivery", "unknown configuration", "trigger",
                 "watch reachability", "watch availability", "delete", "gone"), "works"))

    def test_release_18_has_everything(self):
        self.check("3gpp-r18", dict.fromkeys(
            ("self", "test notification", "deliver later", "change delivery", "delivery status",
             "too large", "rds ports"), "works"))
        self.assertEqual(self.advised("3gpp-r18")["scefs[].profile"], "3gpp")
        self.assertEqual(self.advised("3gpp-r18")["scefs[].configuration.test_notification"], "true")

    def test_release_15_lacks_what_came_later(self):
        self.check("3gpp-r15", {"test notification": "lacks", "change delivery": "lacks",
                                "rds ports": "lacks", "too large": "works"})
        self.assertEqual(self.advised("3gpp-r15")["scefs[].profile"], "3gpp-r15")
        self.assertEqual(self.features("3gpp-r15")["RDS ports"], "no")

    def test_oracle_is_known_by_its_codes(self):
        self.check("oracle", {"rds ports": "lacks", "too large": "deviates"})
        self.assertIn("SCEF-ERR-403-111", self.reports["oracle"]["details"]["too large"])
        self.assertEqual(self.advised("oracle")["scefs[].profile"], "oracle")

    def test_mts_is_known_by_its_links_and_members(self):
        self.check("mts", {"self": "deviates", "deliver later": "deviates",
                           "delivery status": "deviates", "test notification": "works"})
        self.assertEqual(self.advised("mts")["scefs[].profile"], "mts")

    def test_a_device_awake_gets_its_frame_at_once(self):
        device = f"awake@{domain('3gpp-r18')}"
        scef = self.scef_3gpp_r18
        self.stack.program("modem-simulator", "--scef", scef.field("modem"), "--api", "127.0.0.1:0",
                           "--device", device, "--state", "connected", label="modem-awake")
        eventually("attached", lambda: call("GET", f"{scef.api}/ues/{device}")[0] == 200)
        done = self.doctor("--scef", "3gpp-r18", "--device", device)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"works +deliver now +200 SUCCESS_NEXT_HOP_ACKNOWLEDGED")
        self.assertRegex(done.stdout, r"skipped +replace delivery +the device was awake")
        self.assertRegex(done.stdout, r"works +trigger report +SUCCESS")
        self.assertIn("T8 FEATURE", done.stdout)

    def test_a_dead_scef_is_told_plainly_and_exits_1(self):
        done = self.doctor("--scef", "dead", "--device", "probe@dead.example")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stdout, r"fails +reach +no connection to the SCEF.*check host and port")

    def test_wrong_use_exits_2(self):
        self.stack.provision("taken@iot.example")
        for arguments, sentence in (
                (("--scef", "nobody", "--device", "a@b.example"), "no SCEF of that name"),
                (("--scef", "mts", "--device", "a@b.example"), "not served by this SCEF"),
                (("--scef", "mts", "--device", "nonsense"), "externalId"),
                (("--scef", "operator-a", "--device", "taken@iot.example"), "provisioned"),
                (("--scef", "mts"), "--device")):
            done = self.doctor(*arguments)
            self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
            self.assertIn(sentence, done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
