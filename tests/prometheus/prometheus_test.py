"""A real Prometheus scrapes the adapter while the whole chain works: its page, dashboard and alerts."""

import base64
import os
import re
import socket
import subprocess
import threading
import unittest
import urllib.parse

import ports
import prometheus
from e2e import BIN, DOMAIN, StackTest, coap, uri_path
from rules_test import metrics_of_the_table
from stack import call, eventually

# The network runs ten times faster than a real one: who spoke is reachable for 1 s + 2 s (T3324).
EXTRA = """\
profiles: {nb-iot: {reachability: {psm: {active_timer: 3s, period: 24h}}}}
quotas:
  slow: {downlink: {messages: 30/minute, burst: 1}, emergency_reserve: 0%}
  fleet: {downlink: {bytes: 100KiB/day}, uplink: {bytes: 100KiB/day}, emergency_reserve: 0%}
quota_scopes: {account: fleet}
"""
SCEF_CONFIG = "auth: {oauth2: {client_id: dm, client_secret: s3cret, token_lifetime: 1h}}\n"

# Of which nothing may be there, and why.
EMPTY_PANELS = {
    "Used up in": "the account's quota lasts until it begins anew",
    "annotation Starts": "the adapter starts once",
}


class Metrics(StackTest):
    extra = EXTRA

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        target = cls.stack.api.removeprefix("http://")
        cls.prometheus = prometheus.Prometheus(cls.dir, ports.one(), target, interval="1s",
                                               token_file=cls.stack.token_files["read"])
        cls.stack.programs.append(cls.prometheus.program)
        try:
            cls.prometheus.start()
            eventually("the first scrape", lambda: cls.prometheus.query("scef_adapter_build_info"))
            Traffic(cls.stack).play()
        except BaseException:
            cls.stack.stop()
            raise

    @classmethod
    def start_server(cls):
        super().start_server()
        config = os.path.join(cls.dir, "scef.yaml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(SCEF_CONFIG)
        cls.scef_arguments = ("--time-scale", "10", "--config", config)

    @classmethod
    def configure(cls):
        """The SCEF wants access tokens, and the adapter knows how to get them."""
        secret = os.path.join(cls.dir, "secret")
        with open(secret, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write("s3cret")
        cls.stack.configure(cls.extra)
        with open(cls.stack.config_file, encoding="utf-8") as file:
            text = file.read()
        oauth2 = (f'auth: {{oauth2: {{token_url: "{cls.stack.scef_api_root}/oauth2/token", '
                  f'client_id: dm, client_secret_file: "{secret}"}}}}')
        with open(cls.stack.config_file, "w", encoding="utf-8") as file:
            file.write(text.replace('domains: ["*"]}', f'domains: ["*"], {oauth2}}}'))

    def page(self):
        return self.stack.metrics()

    def test_1_promtool_finds_no_fault_with_the_page(self):
        checked = subprocess.run(["promtool", "check", "metrics"], input=self.page(), text=True,
                                 capture_output=True)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ""))

    def test_1_every_metric_of_the_table_is_on_the_page_and_no_other(self):
        page = self.page()
        there = set(re.findall(r"^(scef_adapter_\w+)", page, re.MULTILINE))
        table = metrics_of_the_table()
        self.assertEqual(there - set(table), set())
        histograms = set(re.findall(r"^# TYPE (\w+) histogram$", page, re.MULTILINE))
        self.assertEqual(set(table) - there - histograms, set())
        self.assertNotIn(DOMAIN, page)
        self.assertNotIn("sleepy", page)

    def test_1_every_query_of_the_dashboard_has_series(self):
        queries = prometheus.dashboard_queries(
            {"instance": ".*", "scef": ".*", "__rate_interval": "1m", "__range": "10m"})
        self.assertGreater(len(queries), 50)
        self.assertEqual(set(EMPTY_PANELS) - {panel for panel, _ in queries}, set())
        for panel, query in queries:
            with self.subTest(panel=panel, query=query):
                if panel in EMPTY_PANELS:
                    self.prometheus.query(query)  # a Failure if it is not valid
                else:
                    eventually(f"{panel}: series of {query}", lambda: self.prometheus.query(query))

    def test_1_the_console_is_served_as_written_and_each_of_its_queries_has_series(self):
        status, page = call("GET", self.prometheus.console())
        self.assertEqual(status, 200, page)
        queries = prometheus.console_queries()
        self.assertEqual(len(queries), page.count("query: '"))
        self.assertGreater(len(queries), 10)
        for query in queries:
            with self.subTest(query=query):
                eventually(f"series of {query}", lambda: self.prometheus.query(query))

    def test_1_every_rule_can_be_evaluated(self):
        rules = eventually("the rules were evaluated", lambda: [
            rule for rule in self.prometheus.rules()] if all(
            rule["health"] != "unknown" for rule in self.prometheus.rules()) else None)
        self.assertGreaterEqual(len(rules), 20)
        for rule in rules:
            self.assertEqual((rule["health"], rule.get("lastError", "")), ("ok", ""), rule["name"])
            self.prometheus.query(rule["query"])
            for name in re.findall(r"scef_adapter_\w+", rule["query"]):
                self.assertTrue(self.prometheus.query(name), f"{rule['name']}: no {name}")

    def test_2_a_scef_that_goes_away_makes_its_alert_pending(self):
        self.assertNotIn("ScefDown", [alert["labels"]["alertname"] for alert in self.prometheus.alerts()])
        self.stack.scef.kill()
        self.stack.programs.remove(self.stack.scef)
        path = "/devices/" + urllib.parse.quote(f"awake@{DOMAIN}") + "/messages"
        self.stack.adapter_call("POST", path, {"payload": read("3", "0", "9")})
        alert = eventually("the alert waits for its time", lambda: next(
            (one for one in self.prometheus.alerts() if one["labels"]["alertname"] == "ScefDown"), None))
        self.assertEqual(alert["state"], "pending")
        self.assertIn("SCEF operator-a does not answer", alert["annotations"]["summary"])
        self.assertNotIn("<error", "".join(alert["annotations"].values()))


def read(*path):
    """A GET as the API takes it."""
    return base64.b64encode(coap(0, 1, 0, options=uri_path(*path))).decode()


class Traffic:
    """Makes everything happen once that the page counts, and leaves something waiting."""

    def __init__(self, stack):
        self.stack = stack

    def play(self):
        self.devices()
        self.requests()
        self.oddities()
        self.sleepers()

    def devices(self):
        stack = self.stack
        for name, profile, quota in (("awake", "always-on", "default"), ("metered", "always-on", "slow"),
                                     ("sleepy", "nb-iot", "default"), ("dozing", "nb-iot", "default")):
            stack.provision(f"{name}@{DOMAIN}", profile=profile, quota=quota)
        names = ("awake", "metered", "sleepy", "dozing")
        eventually("NIDD configurations are ACTIVE", lambda: all(
            stack.device(f"{name}@{DOMAIN}")["niddConfiguration"]["status"] == "ACTIVE" for name in names))
        stack.start_modems("--device", f"awake@{DOMAIN}", "--device", f"metered@{DOMAIN}", label="awake")
        self.sleeping = stack.start_modems("--device", f"sleepy@{DOMAIN}", "--device", f"dozing@{DOMAIN}",
                                           "--state", "psm", label="sleeping")
        eventually("registered", lambda: set(names) <= set(stack.clients()), 60)

    def requests(self):
        """Answered, retransmitted, held by a quota, too large."""
        stack = self.stack
        assert stack.operate("awake", "read", path="/3/0/0")["code"] == "2.05"
        assert stack.operate("awake", "read", path="/3/0/1", repeatDatagram=3)["code"] == "2.05"
        for number in ("0", "1"):
            assert stack.operate("metered", "read", path="/3/0/" + number)["code"] == "2.05"
        self.post("awake", {"payload": base64.b64encode(bytes(4000)).decode(), "contentFormat": "opaque"}, None)
        key = {"Idempotency-Key": "twice"}
        for _ in range(2):
            self.post("awake", {"payload": read("3", "0", "2")}, key)

    def post(self, name, body, headers):
        path = "/devices/" + urllib.parse.quote(f"{name}@{DOMAIN}") + "/messages"
        return self.stack.adapter_call("POST", path, body, headers)

    def oddities(self):
        """A notification of nobody, a datagram that is no CoAP."""
        url = f"http://{self.stack.notifications}/t8/v1/notifications/{'0' * 44}"
        call("POST", url, {"niddConfiguration": "/x", "externalId": f"awake@{DOMAIN}", "data": "AA=="})
        host, port = self.stack.clients()["awake"]["address"].rsplit(":", 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"\x4f\x01\x00\x01", (host, int(port)))

    def sleeps(self, name):
        eventually(f"the adapter takes {name} for asleep", lambda: not self.stack.device(
            f"{name}@{DOMAIN}")["reachability"]["reachable"], 30)

    def sleepers(self):
        """One is read as it wakes, one is not in time, and one message goes on waiting."""
        self.sleeps("sleepy")
        waits = threading.Thread(target=self.stack.operate, args=("sleepy", "read"),
                                 kwargs={"path": "/3/0/1"})
        waits.start()
        eventually("it waits", lambda: self.stack.server_events("sleepy", "AWAITING_RESPONSE"))
        self.stack.modem_act(self.sleeping, f"sleepy@{DOMAIN}", "update")
        waits.join()
        self.sleeps("dozing")
        status, message = self.post("dozing", {"payload": read("3", "0", "3"), "ttl": 1}, None)
        assert status == 201, message
        eventually("it expires", lambda: self.stack.adapter_call(
            "GET", "/messages/" + message["id"])[1]["state"] == "EXPIRED")
        assert self.post("dozing", {"payload": read("3", "0", "4"), "ttl": 3600}, None)[0] == 201


if __name__ == "__main__":
    unittest.main(verbosity=2)
