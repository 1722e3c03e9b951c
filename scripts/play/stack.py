"""Starts the four programs on loopback, talks to them, and stops them by their own process ids.

Used by scripts/demo and by the end-to-end tests. Python's standard library only.
"""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import ports
from canaries import Canaries
from last_words import last_words

ROLES = ("read", "send", "admin")


class Failure(Exception):
    """Something that the play expected did not happen; the text says what and what to look at."""


def call(method, url, body=None, timeout=150, headers=None):
    """One HTTP call: (status, parsed body or text). Never raises for an HTTP status."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    if data is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            status, text = response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read().decode()
    try:
        return status, json.loads(text) if text else None
    except ValueError:
        return status, text


def eventually(what, condition, seconds=20, every=0.05):
    """Waits until `condition()` gives something true and returns it; Failure otherwise."""
    end = time.monotonic() + seconds
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > end:
            raise Failure(f"{what}: did not happen within {seconds} s")
        time.sleep(every)


class Program:
    """One child process with its log file."""

    def __init__(self, name, arguments, log_file):
        self.name = name
        self.arguments = arguments
        self.log_file = log_file
        self.process = None
        self.ready_line = ""

    def start(self, waits_for_line=True, seconds=30):
        log = open(self.log_file, "ab")
        self.process = subprocess.Popen(
            self.arguments, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL)
        log.close()
        if waits_for_line:
            self.ready_line = self._first_line(seconds)
        return self

    def _first_line(self, seconds):
        os.set_blocking(self.process.stdout.fileno(), False)
        end = time.monotonic() + seconds
        text = b""
        while time.monotonic() < end:
            chunk = self.process.stdout.read()
            if chunk:
                text += chunk
                if b"\n" in text:
                    return text.split(b"\n")[0].decode()
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise Failure(f"{self.name} did not start; see {self.log_file}\n{self.log_tail()}")

    def field(self, name):
        """Value of `name=value` in the line that the program printed when it was ready."""
        for word in self.ready_line.split():
            if word.startswith(name + "="):
                return word[len(name) + 1:]
        raise Failure(f"{self.name} printed no {name}= : {self.ready_line}")

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def log_tail(self, lines=15):
        with open(self.log_file, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-lines:])

    def kill(self):
        """kill -9: nothing is said, nothing is flushed."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self, seconds=12):
        """SIGTERM; the exit code. A program that does not end is killed and reported."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                raise Failure(f"{self.name} did not end within {seconds} s of SIGTERM") from None
            self.process.stdout.close()
        return self.process.returncode


class Stack:
    """LwM2M server, SCEF, modems and the adapter between them.

    The admin API wants tokens, one of each role; `tokens=False` leaves it open to everybody on loopback.
    When it is stopped, secrets are looked for in everything that it wrote and answered: `leaks`."""

    def __init__(self, bin_dir, work_dir, default_ports=False, shards=256, tokens=True):
        self.bin = bin_dir
        self.canaries = Canaries()
        self.tokens = {role: self.canaries.make(f"{role} token") for role in ROLES} if tokens else {}
        self.token_files = {}
        self.leaks = []
        # Folders of stores, and of copies of them.
        self.stores = [os.path.join(work_dir, name) for name in ("store", "backups")]
        self.dir = work_dir
        self.default_ports = default_ports
        self.shards = shards
        self.programs = []
        self.adapter = None
        os.makedirs(work_dir, exist_ok=True)

    def port(self, default, kind=socket.SOCK_STREAM):
        if self.default_ports and ports.is_free(default, kind):
            return default
        return ports.one()

    def program(self, name, *arguments, label=None, waits_for_line=True):
        program = Program(name, [os.path.join(self.bin, name), *arguments],
                          os.path.join(self.dir, (label or name) + ".log"))
        self.programs.append(program)
        return program.start(waits_for_line)

    def start_server(self, *arguments):
        coap = f"127.0.0.1:{self.port(5683, socket.SOCK_DGRAM)}"
        self.server = self.program("lwm2m-server-simulator", "--listen", coap, "--api",
                                   f"127.0.0.1:{self.port(8090)}", *arguments)
        self.server_uri = "coap://" + self.server.field("coap")
        self.server_api = "http://" + self.server.field("api")

    def start_scef(self, *arguments):
        self.scef = self.program(
            "scef-simulator", "--listen", f"127.0.0.1:{self.port(8081)}", "--modem-listen",
            f"127.0.0.1:{self.port(7000, socket.SOCK_DGRAM)}", "--control",
            f"127.0.0.1:{self.port(8082)}", *arguments)
        self.scef_api_root = "http://" + self.scef.field("t8")
        self.scef_control = "http://" + self.scef.field("control")
        self.modem_link = self.scef.field("modem")

    def start_modems(self, *arguments, label="modem-simulator"):
        """Starts one modem-simulator; gives the URL of its control API."""
        program = self.program("modem-simulator", "--scef", self.modem_link, "--api",
                               "127.0.0.1:0", *arguments, label=label)
        program.taps = program.ready_line.partition("taps=")[2].split()
        program.api = "http://" + program.field("api")
        return program

    def configure(self, extra="", dm="", servers=""):
        """Writes the adapter's configuration for the running simulators. `dm` are further keys of the
        LwM2M server, `servers` further entries beside it."""
        self.notifications = f"127.0.0.1:{self.port(8080)}"
        self.admin = f"127.0.0.1:{self.port(9080)}"
        base = 15700
        if not self.default_ports or not ports.are_free(base, self.shards):
            base = ports.in_a_row(self.shards)
        self.config_file = os.path.join(self.dir, "adapter.yaml")
        with open(self.config_file, "w", encoding="utf-8") as config:
            tokens = ", tokens_file: " + self.write_tokens() if self.tokens else ""
            config.write(f"""\
store: {{path: {os.path.join(self.dir, "store")}, backup_path: {os.path.join(self.dir, "backups")}}}
shards: {self.shards}
admin: {{listen: "{self.admin}"{tokens}}}
notifications: {{listen: "{self.notifications}", public_url: "http://{self.notifications}"}}
scefs:
  - {{name: operator-a, api_root: "{self.scef_api_root}", scs_as_id: lwm2m-dm, domains: ["*"]}}
lwm2m_servers:
  - {{name: dm, uri: "{self.server_uri}"{dm}}}
{servers}virtual_endpoints: {{prefix: 127.64.0.0/10, port: {base}}}
{extra}""")
        self.api = f"http://{self.admin}"

    def write_tokens(self):
        """The adapter's file of tokens, and one of each role for who has that one only."""
        def write(name, text):
            return self.canaries.write(os.path.join(self.dir, name), text)

        for role, token in self.tokens.items():
            self.token_files[role] = write(role + ".token", token + "\n")
        return write("tokens", "".join(f"{role}:{token}\n" for role, token in self.tokens.items()))

    def authorization(self, role="admin"):
        """The header field of whoever has the token of that role."""
        return {"Authorization": "Bearer " + self.tokens[role]} if self.tokens else {}

    def start_adapter(self):
        self.adapter = Program("scef-adapter",
                               [os.path.join(self.bin, "scef-adapter"), "--config", self.config_file],
                               os.path.join(self.dir, "scef-adapter.log"))
        self.programs = [p for p in self.programs if p.name != "scef-adapter"] + [self.adapter]
        self.adapter.start(waits_for_line=False)
        self.wait_ready()

    def wait_ready(self):
        def ready():
            if not self.adapter.is_running():
                raise Failure(f"scef-adapter ended: {self.adapter.log_tail()}")
            try:
                return call("GET", self.api + "/readyz", timeout=2)[0] == 200
            except OSError:
                return False
        eventually("scef-adapter is ready", ready, 30)

    def stop(self):
        """Stops everything and looks for secrets (`leaks`); the names of programs that did not end
        with 0."""
        bad = []
        answers = self.last_answers()
        for program in reversed(self.programs):
            try:
                if program.is_running() and program.stop() != 0:
                    bad.append(program.name)
            except Failure as failure:
                bad.append(str(failure))
        self.leaks += [leak for where, text in answers for leak in self.canaries.leaks(where, text)]
        self.leaks += self.canaries.leaks_in_folder(self.dir, self.stores)
        return bad

    def last_answers(self):
        """(where, text) of what the adapter says at the end, once what the SCEF was told is known."""
        for program in self.programs:
            if program.name == "scef-simulator" and program.is_running():
                for path in ("/ues", "/log?limit=100000"):
                    told = call("GET", "http://" + program.field("control") + path)[1]
                    self.canaries.learn_capabilities(json.dumps(told))
        if not self.tokens or self.adapter is None or not self.adapter.is_running():
            return []
        return last_words(self.api, self.authorization(), self.tokens["admin"])

    # ---- What the programs say

    def adapter_call(self, method, path, body=None, headers=None):
        return call(method, self.api + "/api/v1" + path, body,
                    headers={**self.authorization(), **(headers or {})})

    def metrics(self):
        """The adapter's page of metrics."""
        return call("GET", self.api + "/metrics", headers=self.authorization("read"))[1]

    def ctl_command(self, *arguments):
        """The words of a scef-adapterctl for this adapter."""
        token = ["--token-file", self.token_files["admin"]] if self.tokens else []
        return [os.path.join(self.bin, "scef-adapterctl"), "--url", self.api, *token, *arguments]

    def ctl(self, *arguments, text=None, seconds=60):
        """Runs scef-adapterctl to its end: what subprocess gives. Its output is kept with the logs."""
        done = subprocess.run(self.ctl_command(*arguments), input=text, capture_output=True, text=True,
                              timeout=seconds, check=False)
        with open(os.path.join(self.dir, "scef-adapterctl.log"), "a", encoding="utf-8") as log:
            log.write(done.stdout + done.stderr)
        return done

    def provision(self, external_id, **fields):
        status, device = self.adapter_call("POST", "/devices", {"externalId": external_id, **fields})
        if status not in (200, 201):
            raise Failure(f"provisioning {external_id} answered {status}: {device}")
        return device

    def device(self, external_id):
        return self.adapter_call("GET", "/devices/" + urllib.parse.quote(external_id))[1]

    def operate(self, endpoint, operation, **body):
        """An LwM2M operation of the server on a client: the answer with its `status`."""
        url = f"{self.server_api}/clients/{urllib.parse.quote(endpoint)}/{operation}"
        status, answer = call("POST", url, {"timeout": 120, **body})
        if not isinstance(answer, dict):
            raise Failure(f"{operation} on {endpoint} answered {status}: {answer}")
        return {**answer, "status": status}

    def clients(self):
        return {c["endpoint"]: c for c in call("GET", self.server_api + "/clients")[1]}

    def server_events(self, endpoint, kind=None):
        url = f"{self.server_api}/clients/{urllib.parse.quote(endpoint)}/events?format=json"
        events = call("GET", url)[1]
        return [e for e in events if kind is None or e["type"] == kind]

    def frames(self, external_id, kind="downlink"):
        """Frames on the air, as the network saw them, oldest first."""
        query = urllib.parse.urlencode({"externalId": external_id, "kind": kind})
        return call("GET", f"{self.scef_control}/log?{query}")[1]["entries"]

    def frames_down(self, external_id):
        status, ue = call("GET", f"{self.scef_control}/ues/{urllib.parse.quote(external_id)}")
        return ue["framesDownlink"] if status == 200 else 0

    def ue_state(self, external_id):
        status, ue = call("GET", f"{self.scef_control}/ues/{urllib.parse.quote(external_id)}")
        return ue["state"] if status == 200 else None

    def modem_act(self, modems, external_id, action):
        status, answer = call("POST", f"{modems.api}/devices/{urllib.parse.quote(external_id)}:{action}")
        if status >= 300:
            raise Failure(f"modem {external_id} :{action} answered {status}: {answer}")
