"""SIGHUP: another configuration, other certificates, tokens and quotas while traffic goes on, or a
refusal that changes nothing; and what a service manager hears of it."""

import json
import os
import shutil
import signal
import socket
import ssl
import threading
import unittest
import urllib.request

from e2e import DOMAIN, StackTest, make_certificates
from notify_socket import NotifySocket
from stack import call, eventually

STEADY, WAITING = f"steady@{DOMAIN}", f"waiting@{DOMAIN}"


class Reload(StackTest):
    admin_tokens = False  # until a reload brings some

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        try:
            cls.stack.provision(STEADY, profile="always-on")
            cls.stack.provision(WAITING, profile="always-on", quota="tight")
            cls.stack.start_modems("--device", STEADY, "--device", WAITING)
            eventually("both are registered",
                       lambda: {"steady", "waiting"} <= set(cls.stack.clients()), 40)
        except BaseException:
            cls.stack.stop()
            raise

    @classmethod
    def configure(cls):
        make_certificates(cls.dir, "first", "second")
        cls.use_certificate("first")
        cls.tokens = os.path.join(cls.dir, "tokens")
        cls.write(cls.tokens, "admin:old-admin-token\n")
        cls.stack.canaries.holds(cls.tokens)
        for age in ("old", "new"):
            cls.stack.canaries.add(f"{age} token", age + "-admin-token")
        for name in ("first", "second"):
            cls.stack.canaries.add_key(f"{name} key", os.path.join(cls.dir, name + ".key"))
        cls.stack.canaries.holds(os.path.join(cls.dir, "tls.key"))
        cls.notify = NotifySocket(cls.dir, watchdog_seconds=2)
        cls.addClassCleanup(cls.notify.close)
        os.environ.update(cls.notify.environment)
        for name in cls.notify.environment:
            cls.addClassCleanup(os.environ.pop, name, None)
        cls.stack.configure("quotas: {tight: {downlink: {messages: 1/hour, burst: 1}}}\n"
                            "log: {format: json}\n")
        with open(cls.stack.config_file, encoding="utf-8") as file:
            text = file.read()
        cls.text = (text.replace("notifications: {", "notifications: {tls: {certificate_file: "
                                 f"{cls.dir}/tls.pem, key_file: {cls.dir}/tls.key}}, ")
                    .replace('public_url: "http:', 'public_url: "https:'))
        cls.write(cls.stack.config_file, cls.text)

    @classmethod
    def start_server(cls):
        super().start_server()
        cls.write(os.path.join(cls.dir, "scef.yaml"),
                  f"notifications: {{ca_file: {cls.dir}/ca.pem}}\n")
        cls.scef_arguments = ("--time-scale", "10", "--config", os.path.join(cls.dir, "scef.yaml"))

    @staticmethod
    def write(name, text):
        """In one step, as whoever renews a certificate does."""
        with open(name + ".new", "w", encoding="utf-8",
                  opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(text)
        os.replace(name + ".new", name)

    @classmethod
    def use_certificate(cls, name, key=None):
        shutil.copy(os.path.join(cls.dir, name + ".pem"), os.path.join(cls.dir, "tls.pem"))
        shutil.copy(os.path.join(cls.dir, (key or name) + ".key"), os.path.join(cls.dir, "tls.key"))
        os.chmod(os.path.join(cls.dir, "tls.key"), 0o600)

    def setUp(self):
        self.addCleanup(self.reload, "RELOADED", self.text)

    # ---- What the adapter says

    def log(self):
        with open(self.stack.adapter.log_file, encoding="utf-8") as file:
            whole = file.read().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def reload(self, outcome, text=None):
        """SIGHUP with this configuration; the lines of its outcome."""
        if text is not None:
            self.write(self.stack.config_file, text)
        before, states = len(self.log()), len(self.notify.states())
        self.stack.adapter.process.send_signal(signal.SIGHUP)
        ends = ("RELOADED", "RELOAD_REFUSED")
        lines = lambda: [line for line in self.log()[before:] if line.get("id") in ends]
        eventually("the reload is over", lambda: len(self.notify.states()) >= states + 2)
        self.assertEqual({line["id"] for line in lines()}, {outcome}, lines())
        return lines()

    def certificate(self):
        """The subject that the notification listener shows to a new connection."""
        context = ssl.create_default_context(cafile=os.path.join(self.dir, "ca.pem"))
        host, port = self.stack.notifications.rsplit(":", 1)
        with socket.create_connection((host, int(port)), timeout=10) as plain:
            with context.wrap_socket(plain, server_hostname=host) as secure:
                return dict(pair[0] for pair in secure.getpeercert()["subject"])["commonName"]

    def metric(self, name):
        with urllib.request.urlopen(self.stack.api + "/metrics", timeout=10) as answer:
            for line in answer.read().decode().splitlines():
                if line.startswith(name + " "):
                    return float(line.split()[1])
        self.fail(f"no {name}")

    def read(self, name):
        return self.stack.operate(name, "read", path="/3/0/0")["code"]

    # ---- Tests

    def test_a_quota_lets_a_message_go_that_waits_for_it(self):
        first = self.stack.adapter_call("POST", f"/devices/{WAITING}/messages",
                                        {"payload": "QAEAALEzATABMA=="})
        self.assertEqual(first[0], 201, first)
        status, message = self.stack.adapter_call("POST", f"/devices/{WAITING}/messages",
                                                  {"payload": "QAEAALEzATABMQ=="})
        state = lambda: self.stack.adapter_call("GET", f"/messages/{message['id']}")[1]
        # Behind others that wait for it, if the server has asked something, too.
        eventually("it waits for the quota", lambda: state()["reason"] in ("quota", "order"))
        self.reload("RELOADED", self.text.replace("1/hour, burst: 1", "100/second, burst: 100"))
        eventually("it went", lambda: state()["state"] == "DELIVERED")

    def test_a_refused_reload_names_every_key_and_changes_nothing(self):
        since = self.metric("scef_adapter_config_last_reload_timestamp_seconds")
        wrong = (self.text.replace("shards: 16", "shards: 32").replace("name: dm,", "name: md,")
                 .replace("format: json", "format: text"))
        lines = self.reload("RELOAD_REFUSED", wrong)
        reasons = [line["reason"] for line in lines]
        self.assertEqual(len(reasons), 2, reasons)
        for key, reason in zip(("shards", "lwm2m_servers[0].name"), reasons):
            self.assertIn(f"key '{key}'", reason)
            self.assertIn("restart", reason)
        self.assertEqual(self.metric("scef_adapter_config_reload_success"), 0)
        self.assertEqual(self.metric("scef_adapter_config_last_reload_timestamp_seconds"), since)
        self.assertEqual(self.read("steady"), "2.05")
        line, = self.reload("RELOAD_REFUSED", self.text + "no_such_key: 1\n")  # and json is still json
        self.assertIn("no_such_key", line["reason"])
        self.reload("RELOADED", self.text)
        self.assertEqual(self.metric("scef_adapter_config_reload_success"), 1)
        self.assertGreater(self.metric("scef_adapter_config_last_reload_timestamp_seconds"), since)

    def test_a_certificate_is_renewed_under_traffic_and_a_pair_that_does_not_match_is_refused(self):
        codes, stopped = [], threading.Event()

        def traffic():
            while not stopped.is_set():
                codes.append(self.read("steady"))
        thread = threading.Thread(target=traffic)
        thread.start()
        try:
            self.assertEqual(self.certificate(), "first")
            eventually("traffic flows", lambda: len(codes) > 3)
            self.use_certificate("second", key="first")
            line, = self.reload("RELOAD_REFUSED")
            self.assertIn("tls.key", line["reason"])
            self.assertEqual(self.certificate(), "first")
            self.use_certificate("second")
            self.reload("RELOADED")
            self.assertEqual(self.certificate(), "second")
            seen = len(codes)
            eventually("traffic still flows", lambda: len(codes) > seen + 3)
        finally:
            stopped.set()
            thread.join()
        self.assertEqual(set(codes), {"2.05"})

    def test_a_connection_that_is_open_outlives_the_change(self):
        context = ssl.create_default_context(cafile=os.path.join(self.dir, "ca.pem"))
        host, port = self.stack.notifications.rsplit(":", 1)
        request = (f"POST /t8/v1/notifications/nobody HTTP/1.1\r\nHost: {host}\r\nContent-Type: "
                   "application/json\r\nContent-Length: 2\r\n\r\n{}").encode()
        with socket.create_connection((host, int(port)), timeout=10) as plain:
            with context.wrap_socket(plain, server_hostname=host) as secure:
                secure.sendall(request)
                self.assertIn(b" 404 ", secure.recv(4096))
                self.reload("RELOADED", self.text.replace("log: {", "log: {level: warn, ")
                            .replace("level: warn", "level: info"))
                secure.sendall(request)
                self.assertIn(b" 404 ", secure.recv(4096))

    def test_tokens_come_and_go(self):
        with_tokens = self.text.replace("admin: {", f"admin: {{tokens_file: {self.tokens}, ")
        status = lambda token: call("GET", self.stack.api + "/api/v1/devices",
                                    headers={"Authorization": f"Bearer {token}"})[0]
        self.reload("RELOADED", with_tokens)
        self.assertEqual((status("old-admin-token"), status("new-admin-token")), (200, 401))
        self.write(self.tokens, "admin:new-admin-token\n")
        self.assertEqual(status("old-admin-token"), 200)  # until it is told to look
        self.reload("RELOADED")
        self.assertEqual((status("old-admin-token"), status("new-admin-token")), (401, 200))
        self.write(self.tokens, "boss:new-admin-token\n")
        self.reload("RELOAD_REFUSED")
        self.assertEqual(status("new-admin-token"), 200)

    def test_sources_of_a_server_change(self):
        refused = lambda: self.metric("scef_adapter_server_datagrams_refused_total")
        server = f'uri: "{self.stack.server_uri}"'
        self.reload("RELOADED", self.text.replace(server, server + ", sources: [10.0.0.0/8]"))
        before = refused()
        code = call("POST", f"{self.stack.server_api}/clients/steady/read",
                    {"path": "/3/0/0", "timeout": 1})[0]
        self.assertNotEqual(code, 200)
        self.assertGreater(refused(), before)
        self.reload("RELOADED", self.text)
        self.assertEqual(self.read("steady"), "2.05")

    def test_log_level_and_format_change(self):
        self.write(self.stack.config_file, self.text.replace("format: json", "format: text"))
        self.stack.adapter.process.send_signal(signal.SIGHUP)

        def is_text():
            with open(self.stack.adapter.log_file, encoding="utf-8") as file:
                lines = file.read().splitlines()
            return lines if lines and " RELOADED file=" in lines[-1] else None
        lines = eventually("the log is text", is_text)
        self.assertRegex(lines[-1], r"^\d{4}-\d\d-\d\dT[\d:.]+Z info RELOADED file=/")
        # The rest of the tests read JSON: the lines so far go.
        os.truncate(self.stack.adapter.log_file, 0)

    def test_the_service_manager_hears_of_it(self):
        self.assertEqual(self.notify.states()[0], "READY")
        self.reload("RELOADED")
        self.assertEqual(self.notify.states()[-2:], ["RELOADING", "READY"])
        reloading = [m for m in self.notify.heard if "RELOADING" in m][-1]
        self.assertTrue(reloading["MONOTONIC_USEC"].isdigit())
        seen = self.notify.signs_of_life()
        eventually("it is alive", lambda: self.notify.signs_of_life() > seen + 1)

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        assert cls.notify.states()[-1] == "STOPPING", cls.notify.states()


if __name__ == "__main__":
    unittest.main()
