"""All kinds of secrets in play at once, loud logs, wrong use, a SIGTERM and a kill -9: none is shown.

What StackTest looks for at the end (see canaries.py) holds for every test; here are the secrets that
the others do not have.
"""

import base64
import http.server
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest

import ports
from canaries import Canaries
from e2e import BIN, DOMAIN, StackTest, make_certificates
from events_test import Receiver
from last_words import ask
from stack import eventually

DEVICE = f"meter@{DOMAIN}"
ECHOED = "probe@echo.example"


class Echo(http.server.ThreadingHTTPServer):
    """A token server before that of the SCEF, whose tokens it gets to know; and a SCEF that refuses
    everything and says in its answer what it was asked, credentials and all."""

    def __init__(self, canaries):
        self.upstream = None  # where tokens come from
        self.asked = 0
        echo = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path == "/oauth2/token":
                    status, text = echo.token(body)
                elif self.path == "/echo/token":
                    granted = canaries.make("echoed token")  # short enough to pass for a cause
                    status, text = 200, {"access_token": granted, "token_type": "Bearer",
                                         "expires_in": 3600}
                else:
                    canaries.learn_capabilities(body)
                    echo.asked += 1
                    status, text = 403, echo.refusal(self.headers["Authorization"], body)
                self.answer(status, text)

            do_GET = do_POST

            def answer(self, status, document):
                text = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type",
                                 "application/problem+json" if status == 403 else "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.canaries = canaries
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def refusal(self, authorization, body):
        """Everything, in turns first what is cut off by those who show only the beginning."""
        told = json.loads(body) if body.startswith(b"{") else {}
        words = [authorization, told.get("notificationDestination", "")]
        said = " ".join(words[::-1] if self.asked % 2 else words)
        return {"title": said, "detail": said, "status": 403, "cause": authorization.split(" ")[-1]}

    def token(self, form):
        status, answer = self.upstream(form)
        if status == 200:
            self.canaries.add("access token", answer["access_token"])
        return status, answer

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Secrets(StackTest):
    extra = "log: {level: trace, format: json}\nworkers: 2\n"

    @classmethod
    def file(cls, name, text=None):
        path = os.path.join(cls.dir, name)
        return path if text is None else cls.stack.canaries.write(path, text)

    @classmethod
    def start_server(cls):
        super().start_server()
        canaries = cls.stack.canaries
        make_certificates(cls.dir, "scef", "adapter")
        for name in ("ca", "scef", "adapter"):
            canaries.add_key(f"private key of {name}", cls.file(name + ".key"))
            os.chmod(cls.file(name + ".key"), 0o600)
        cls.client_secret = canaries.make("OAuth2 client secret")
        cls.notification_token = canaries.make("notification token")
        cls.webhook_secret = secrets.token_bytes(32)
        canaries.add("secret of a webhook", cls.webhook_secret, stored=True)
        cls.echo = Echo(canaries)
        cls.addClassCleanup(cls.echo.server_close)
        cls.addClassCleanup(cls.echo.shutdown)
        config = cls.file("scef.yaml", f"""\
auth: {{oauth2: {{client_id: dm, client_secret: {cls.client_secret}, token_lifetime: 60s}}}}
tls: {{certificate: {cls.file("scef.pem")}, key: {cls.file("scef.key")}, client_ca: {cls.file("ca.pem")}}}
notifications: {{bearer_token: {cls.notification_token}, ca_file: {cls.file("ca.pem")}}}
""")
        cls.scef_arguments = ("--time-scale", "10", "--config", config)

    @classmethod
    def configure(cls):
        """Both ends show certificates, the SCEF wants access tokens, the adapter tokens of it."""
        stack = cls.stack
        stack.scef_api_root = "https://" + stack.scef.field("t8")
        super().configure()
        cls.echo.upstream = cls.ask_for_token
        secret = cls.file("client-secret", cls.client_secret)
        tokens = cls.file("notification-tokens", cls.notification_token + "\n")
        tls = (f"tls: {{ca_file: {cls.file('ca.pem')}, certificate_file: {cls.file('adapter.pem')}, "
               f"key_file: {cls.file('adapter.key')}}}")
        oauth2 = lambda url: (f'oauth2: {{token_url: "{cls.echo.url}{url}", client_id: dm, '
                              f"client_secret_file: {secret}}}")
        with open(stack.config_file, encoding="utf-8") as file:
            text = file.read()
        text = text.replace('domains: ["*"]}', f'domains: ["{DOMAIN}"], '
                            f'auth: {{{oauth2("/oauth2/token")}, {tls}}}}}\n'
                            f'  - {{name: echo, api_root: "{cls.echo.url}", scs_as_id: dm, '
                            f'domains: [echo.example], auth: {{{oauth2("/echo/token")}}}}}')
        text = text.replace("notifications: {", f"notifications: {{tokens_file: {tokens}, tls: "
                            f"{{certificate_file: {cls.file('adapter.pem')}, "
                            f"key_file: {cls.file('adapter.key')}}}, ")
        text = text.replace('public_url: "http:', 'public_url: "https:')
        with open(stack.config_file, "w", encoding="utf-8") as file:
            file.write(text)

    @classmethod
    def ask_for_token(cls, form):
        """The token server of the SCEF; it wants a certificate, as T8 does."""
        done = subprocess.run(
            ["curl", "--silent", "--cacert", cls.file("ca.pem"), "--cert", cls.file("adapter.pem"),
             "--key", cls.file("adapter.key"), "--data-binary", "@-", "--write-out", "\n%{http_code}",
             cls.stack.scef_api_root + "/oauth2/token"], input=form, capture_output=True, timeout=30,
            check=True)
        text, _, status = done.stdout.decode().rpartition("\n")
        return int(status), json.loads(text)

    # ---- The tests

    def assert_silent(self, where, text):
        """None of the secrets is in what was said. The capabilities are those known so far."""
        self.assertEqual(self.stack.canaries.leaks(where, text), [])

    def read_works(self):
        eventually("registered", lambda: "meter" in self.stack.clients())
        self.assertEqual(self.stack.operate("meter", "read", path="/3/0/0")["status"], 200)

    def test_1_everything_works(self):
        self.stack.provision(DEVICE, profile="always-on")
        self.assertEqual(self.stack.ctl("devices", "trace", DEVICE, "--duration", "1h").returncode, 0)
        self.stack.start_modems("--device", DEVICE)
        self.read_works()
        self.assertIn("access token", self.stack.canaries.names.values())
        self.stack.last_answers()
        self.assertTrue(self.stack.canaries.capabilities, "the SCEF was told of no destination")

    def test_2_a_webhook_shows_its_secret_when_it_is_made_and_never_again(self):
        receiver = Receiver()
        self.addCleanup(receiver.server_close)
        self.addCleanup(receiver.shutdown)
        text = "whsec_" + base64.b64encode(self.webhook_secret).decode()
        status, hook = self.stack.adapter_call("POST", "/webhooks", {"url": receiver.url, "secret": text})
        self.assertEqual((status, hook["secret"]), (201, text))
        self.assertEqual(self.stack.adapter_call("POST", f"/devices/{DEVICE}:pause")[0], 200)
        status, message = self.stack.adapter_call("POST", f"/devices/{DEVICE}/messages", {
            "payload": "AQID", "contentFormat": "opaque"})
        self.assertEqual(status, 201, message)
        self.stack.adapter_call("DELETE", f"/messages/{message['id']}")
        eventually("it is told", lambda: message["id"] in [e.get("messageId") for e in receiver.told()])
        for _, headers, body in receiver.requests:
            self.assert_silent("to the webhook", json.dumps(headers).encode() + body)
        self.assertEqual(self.stack.adapter_call("POST", f"/devices/{DEVICE}:resume")[0], 200)
        dead = {"url": "http://127.0.0.1:9/in", "secret": text}
        self.assertEqual(self.stack.adapter_call("POST", "/webhooks", dead)[0], 201)
        for command in (["webhooks", "list"], ["--json", "webhooks", "list"], ["audit"],
                        ["--json", "audit"], ["webhooks", "show", hook["id"]]):
            done = self.stack.ctl(*command)
            self.assertEqual(done.returncode, 0, command)
            self.assert_silent(" ".join(command), done.stdout + done.stderr)

    def test_3_wrong_tokens_are_not_repeated(self):
        wrong = self.stack.canaries.make("wrong token of a client")
        for _ in range(8):
            said = ask("GET", self.stack.api + "/api/v1/devices", headers={"Authorization": "Bearer " + wrong})
            self.assertTrue(said.startswith((b"401", b"429")))
            self.assert_silent("admin API", said)
        for path in ("nobody", wrong, "0" * 44):
            for token in (wrong, self.notification_token):
                done = subprocess.run(
                    ["curl", "--silent", "--include", "--cacert", self.file("ca.pem"), "--header",
                     "@-", "--data", json.dumps({"externalId": wrong}),
                     f"https://{self.stack.notifications}/t8/v1/notifications/{path}"],
                    input=f"Authorization: Bearer {token}\nContent-Type: application/json\n".encode(),
                    capture_output=True, timeout=30, check=True)
                self.assertRegex(done.stdout, rb"^HTTP/1.1 4")
                self.assert_silent("notifications", done.stdout)

    def test_4_the_tool_does_not_repeat_a_token_in_the_wrong_place(self):
        wrong = self.stack.canaries.make("token on the command line")
        host = self.stack.api.removeprefix("http://")
        tool = os.path.join(BIN, "scef-adapterctl")
        for words in (["--token", wrong], [f"--token={wrong}"], ["--token-file", wrong],
                      ["--token-file", "admin:" + wrong], ["--password", wrong, "--token", wrong],
                      ["--url", f"http://admin:{wrong}@{host}"], ["--url", f"http://{host}/?t={wrong}"]):
            done = subprocess.run([tool, "--url", self.stack.api, *words, "devices", "list"],
                                  capture_output=True, timeout=30, check=False)
            self.assertEqual(done.returncode, 1, words[0])
            self.assert_silent("scef-adapterctl " + words[0], done.stdout + done.stderr)
        bad = self.file("bad.token", f"nobody:{wrong}\n")
        for words in (["--token-file", bad, "devices", "list"],
                      ["webhooks", "add", "http://127.0.0.1:9/", "--secret-file", wrong],
                      ["webhooks", "add", "http://127.0.0.1:9/", "--secret-file", self.file("short", wrong)]):
            done = self.stack.ctl(*words)
            self.assertEqual(done.returncode, 1, words[0])
            self.assert_silent(" ".join(words[:2]), done.stdout + done.stderr)

    def test_5_a_scef_that_repeats_what_it_was_told_is_not_repeated(self):
        self.stack.provision("one@echo.example", profile="always-on")
        eventually("it was refused", lambda: "CONFIGURATION_REFUSED" in self.stack.adapter.log_tail(1000))
        for words in ([], ["--json"]):
            done = self.stack.ctl(*words, "doctor", "--scef", "echo", "--device", ECHOED)
            self.assertEqual(done.returncode, 1)
            self.assert_silent("scef-adapterctl doctor", done.stdout + done.stderr)
        self.assertGreater(self.echo.asked, 2)

    def test_6_a_reload_that_is_refused_repeats_no_secret(self):
        with open(self.stack.config_file, encoding="utf-8") as file:
            text = file.read()
        wrong = self.stack.canaries.make("secret in a reload")
        with open(self.stack.config_file, "w", encoding="utf-8") as file:
            file.write(text.replace(self.file("client-secret"), wrong))
        self.stack.canaries.holds(self.stack.config_file)
        self.stack.adapter.process.send_signal(signal.SIGHUP)
        eventually("it is refused", lambda: "RELOAD_REFUSED" in self.stack.adapter.log_tail(1000))
        with open(self.stack.config_file, "w", encoding="utf-8") as file:
            file.write(text)

    def test_7_after_a_sigterm_and_after_a_kill_it_goes_on(self):
        self.assertEqual(self.stack.adapter.stop(), 0)
        self.stack.start_adapter()
        self.read_works()
        self.stack.adapter.kill()
        self.stack.start_adapter()
        self.read_works()


class Configurations(unittest.TestCase):
    """Files that are refused, with a secret where it does not belong."""

    @classmethod
    def setUpClass(cls):
        cls.port = ports.in_a_row(4)

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="scef-e2e-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.canaries = Canaries()
        self.secret = self.canaries.make("secret in the wrong place")

    def file(self, name, text, mode=0o600):
        path = self.canaries.write(os.path.join(self.folder, name), text)
        os.chmod(path, mode)
        return path

    def refused(self, extra="", scef="", check=True):
        """What is said to a configuration that cannot be used."""
        config = self.file("adapter.yaml", f"""\
store: {{path: {self.folder}/store}}
shards: 4
scefs:
  - {{name: a, api_root: "https://127.0.0.1:1", scs_as_id: b{scef}}}
lwm2m_servers:
  - {{name: dm, uri: "coap://127.0.0.1:5683"}}
virtual_endpoints: {{port: {self.port}}}
{extra}""")
        command = [os.path.join(BIN, "scef-adapter"), "--config", config]
        for words in ([command + ["--check-config"], command] if check else [command]):
            done = subprocess.run(words, capture_output=True, timeout=60, check=False)
            said = done.stdout + done.stderr
            self.assertEqual(done.returncode, 1, self.canaries.hidden(said.decode()))
            self.assertEqual(self.canaries.leaks((extra + scef).replace(self.secret, "..."), said), [])
        return self.canaries.hidden(said.decode())

    def test_a_secret_in_the_place_of_its_file(self):
        it = self.secret
        for extra in (f"admin: {{tokens_file: {it}}}", f'admin: {{tokens_file: "admin:{it}"}}',
                      f"notifications: {{tokens_file: {it}}}",
                      f'notifications: {{tls: {{certificate_file: x, key_file: "{it}"}}}}'):
            self.assertIn("cannot be read", self.refused(extra))
        oauth2 = "token_url: http://127.0.0.1:1/t, client_id: c"
        for scef in (f", auth: {{oauth2: {{{oauth2}, client_secret_file: {it}}}}}",
                     f", auth: {{tls: {{certificate_file: x, key_file: {it}}}}}"):
            self.assertIn("cannot be read", self.refused(scef=scef))

    def test_a_secret_under_a_wrong_key(self):
        it = self.secret
        for extra in (f"admin: {{token: {it}}}", f"admin: {{tokens: [{it}, admin:{it}]}}", f"admin: {it}",
                      f"admin: {{listen: {it}}}", f"log: {{level: {it}}}", f"password: {it}",
                      f"notifications: [{it}]", f"notifications: {{sources: [{it}]}}",
                      f'notifications: {{public_url: "http://dm:{it}@127.0.0.1:1"}}'):
            self.refused(extra)
        for scef in (f", client_secret: {it}", f", auth: {it}", f", auth: {{oauth2: {{client_secret: {it}}}}}",
                     f", auth: {{bearer: {it}}}", f", monitoring: [{it}]",
                     f', auth: {{oauth2: {{token_url: "http://127.0.0.1/?secret={it}"}}}}'):
            self.refused(scef=scef)

    def test_a_secret_in_what_is_no_yaml(self):
        for extra in (f'admin: {{tokens_file: "{self.secret}', f"admin: {{token: *{self.secret}}}",
                      f"admin: &{self.secret} !{self.secret} [", f"admin:\n\ttoken: {self.secret}\n",
                      f"admin: %{self.secret}"):
            self.refused(extra)

    def test_files_of_secrets_that_are_refused(self):
        it = self.secret
        for text in (f"root:{it}\n", f"{it}\n", f"admin:{it} and more\n", f"admin:{it}\nread:{it}\n",
                     f"admin:{it * 20}\n", f"# admin:{it}\n"):
            said = self.refused(f"admin: {{tokens_file: {self.file('tokens', text)}}}", check=False)
            self.assertIn("admin.tokens_file", said)
        for text in (f"{it}\n{it}\n", f"{it} and more\n", f"# {it}\n"):
            said = self.refused(f"notifications: {{tokens_file: {self.file('tokens', text)}}}", check=False)
            self.assertIn("notifications.tokens_file", said)
        everybody = self.file("open", f"admin:{it}\n", 0o644)
        self.assertIn("chmod", self.refused(f"admin: {{tokens_file: {everybody}}}"))

    def test_files_of_keys_that_are_refused(self):
        make_certificates(self.folder, "a")
        with open(os.path.join(self.folder, "a.key"), encoding="ascii") as key:
            pem = key.read()
        self.canaries.add_key("private key", os.path.join(self.folder, "a.key"))
        for text in (self.secret, pem[:900], pem.replace("MII", "MIJ", 1)):
            tls = (f"tls: {{certificate_file: {self.folder}/a.pem, "
                   f"key_file: {self.file('broken.key', text)}}}")
            self.assertIn("broken.key", self.refused(f"notifications: {{{tls}}}", check=False))
            self.assertIn("broken.key", self.refused(scef=f", auth: {{{tls}}}", check=False))


if __name__ == "__main__":
    unittest.main(verbosity=2)
