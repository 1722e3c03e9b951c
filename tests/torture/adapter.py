"""The real scef-adapter as a child process: started, watched from outside, killed at a moment or at a
system call."""

import asyncio
import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

import http_lines
import ports

# Profile `hears`: a device that can always be reached. Profile `sleeps`: one that never can.
CONFIG = """\
store: {{engine: {engine}, path: {dir}/store}}
shards: {shards}
workers: 2
ack_hold: 500ms
admin: {{listen: "{admin}"}}
notifications: {{listen: "{notifications}", public_url: "http://{notifications}"}}
scefs:
  - name: scef
    api_root: "{api_root}"
    scs_as_id: torture
    request_timeout: {request_timeout}
    limits: {{circuit_breaker: {{back_off: 200ms, back_off_max: 1s}}}}
lwm2m_servers:
  - {{name: dm, uri: "coap://{server}"}}
virtual_endpoints: {{prefix: 127.64.0.0/10, port: {port}}}
limits: {{queue_messages_per_device: 1000, queue_bytes_per_device: 1MiB}}
profiles:
  hears:
    reachability: always
    device_ack_timeout: {device_ack_timeout}s
    device_answer_wait: 20s
    ttl: {{default: {coap_ttl}s, read: {coap_ttl}s, write: {coap_ttl}s, execute: {coap_ttl}s}}
  sleeps: {{reachability: {{psm: {{active_timer: 1s, period: 24h}}}}}}
quotas:
  rated: {{downlink: {{messages: 5/second, burst: 5}}}}
  capped: {{downlink: {{message_allowance: 40/hour}}}}
"""
SHARDS = 4
DEVICE_ACK_TIMEOUT = 2
COAP_TTL = 12


def end_with_its_parent():
    """In a child before it becomes a program: nothing is left behind by a run that is itself killed."""
    parent_death_signal = 1
    ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGKILL)


class Died(Exception):
    """The adapter ended, and nobody had killed it."""


class Adapter:
    def __init__(self, bin_dir, work_dir, history):
        self.program = os.path.join(bin_dir, "scef-adapter")
        self.dir, self.history = work_dir, history
        self.process, self.tracer = None, None
        self.lives = 0

    def configure(self, api_root, server, engine="rocksdb", request_timeout="2s"):
        self.admin = f"127.0.0.1:{ports.one()}"
        self.notifications = f"127.0.0.1:{ports.one()}"
        self.config = os.path.join(self.dir, "adapter.yaml")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(CONFIG.format(
                dir=self.dir, engine=engine, shards=SHARDS, admin=self.admin, notifications=self.notifications,
                api_root=api_root, server=server, port=ports.in_a_row(SHARDS),
                request_timeout=request_timeout, device_ack_timeout=DEVICE_ACK_TIMEOUT,
                coap_ttl=COAP_TTL))

    def start(self, *before):
        """`before`: the words of a tracer that runs it."""
        self.lives += 1
        with open(os.path.join(self.dir, "scef-adapter.log"), "ab") as log:
            self.process = subprocess.Popen([*before, self.program, "--config", self.config],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            preexec_fn=end_with_its_parent)
        self.history.add("start", life=self.lives, pid=self.process.pid)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    async def ready(self, seconds=60):
        """Waits for /readyz. Died if it ends before."""
        end = time.monotonic() + seconds
        client = http_lines.Client(self.admin)
        while time.monotonic() < end:
            if not self.is_running():
                raise Died(f"life {self.lives} ended with {self.process.returncode} before it was ready")
            try:
                if (await client.call("GET", "/readyz", seconds=2))[0] == 200:
                    self.history.add("ready", life=self.lives)
                    client.close()
                    return
            except (OSError, http_lines.Broken):
                pass
            await asyncio.sleep(0.01)
        raise Died(f"life {self.lives} was not ready within {seconds} s")

    def sample(self):
        """What it holds of the system's (I8)."""
        pid = self.process.pid
        try:
            with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
                status = dict(line.split(":", 1) for line in file if ":" in line)
            self.history.add("sample", life=self.lives, fds=len(os.listdir(f"/proc/{pid}/fd")),
                             threads=int(status["Threads"]),
                             rss=int(status["VmRSS"].split()[0]) * 1024)
        except (OSError, KeyError):
            pass  # it has just ended

    async def ended(self, seconds):
        """Whether it ended within that time."""
        end = time.monotonic() + seconds
        while self.is_running():
            if time.monotonic() > end:
                return False
            await asyncio.sleep(0.005)
        return True

    async def live(self, seconds):
        """Lets it run. Died if it ends by itself."""
        if await self.ended(seconds):
            raise Died(f"life {self.lives} ended by itself with {self.process.returncode}")

    async def kill(self, point="time"):
        """kill -9: nothing is said, nothing is flushed."""
        self.sample()
        self.history.add("kill", life=self.lives, point=point)
        self.process.send_signal(signal.SIGKILL)
        await self.reap(point)

    async def reap(self, point):
        while self.process.poll() is None:
            await asyncio.sleep(0.002)
        if self.process.returncode != -signal.SIGKILL:
            raise Died(f"life {self.lives} ended by itself with {self.process.returncode}")
        self.history.add("killed", life=self.lives, point=point)

    async def stop(self, seconds=20):
        """SIGTERM; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        if not await self.ended(seconds):
            raise Died(f"did not end within {seconds} s of SIGTERM")
        self.history.add("stopped", life=self.lives, status=self.process.returncode)
        return self.process.returncode

    def force_end(self):
        for process in (self.tracer, self.process):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()


class Points:
    """Kills at the Nth call of a system call of a thread, by strace: no code in the product."""

    CALLS = ("fdatasync", "write", "sendto", "recvfrom", "sendmsg", "recvmmsg", "connect")

    @staticmethod
    def why_not():
        """None, or why this machine cannot do it: strace is missing, or ptrace not permitted."""
        strace = shutil.which("strace")
        if strace is None:
            return "strace is not installed (scripts/setup --test installs it)"
        with tempfile.TemporaryDirectory() as folder:
            sleeper = subprocess.Popen(["sleep", "30"])
            try:
                done = subprocess.run(
                    ["timeout", "5", strace, "-o", os.path.join(folder, "log"), "-p",
                     str(sleeper.pid), "-e", "inject=all:signal=KILL:when=1"],
                    capture_output=True, text=True, check=False)
            finally:
                sleeper.kill()
                sleeper.wait()
            if "not permitted" in done.stderr:
                return "ptrace is not permitted: " + done.stderr.strip().splitlines()[0]
        return None

    @staticmethod
    async def attach(adapter, call, nth):
        """From now on the adapter dies at the entry of the nth `call` of one of its threads. Gives
        strace's log."""
        log = os.path.join(adapter.dir, f"strace-{adapter.lives}.log")
        adapter.tracer = subprocess.Popen(
            ["strace", "-f", "-qq", "-yy", "-s", "0", "-o", log, "-e", f"trace={call}", "-e",
             f"inject={call}:signal=KILL:when={nth}", "-p", str(adapter.process.pid)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=end_with_its_parent)
        while adapter.is_running() and adapter.tracer.poll() is None:
            if _all_traced(adapter.process.pid):
                break
            await asyncio.sleep(0.002)
        return log


def _all_traced(pid):
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/status", encoding="ascii", errors="replace") as file:
                if "TracerPid:\t0\n" in file.read():
                    return False
    except OSError:
        return False
    return True


def met(log, admin, notifications):
    """What the call was about at which strace killed: the last line of its log, by the descriptor."""
    try:
        with open(log, encoding="utf-8", errors="replace") as file:
            text = file.read()
    except OSError:
        text = ""
    calls = re.findall(r"(\w+)\(\d+<(\w+:\[[^\]]*\]|[^>]*)>", text)
    if not calls:
        return "a system call that strace did not name"
    call, what = calls[-1]
    if call == "fdatasync":
        return "fdatasync: written, not yet on the disk"
    if call == "write":
        return "write: before a record is written" if "/store/" in what else "write: between threads"
    if "UDP" in what:
        return ("a datagram of the LwM2M server came, and is not read" if call.startswith("recv")
                else "recorded, before a datagram to the LwM2M server")
    mine = what.partition("[")[2].rstrip("]").split("->")[0]
    for address, name in ((admin, "API"), (notifications, "SCEF's notification")):
        if mine == address:
            return (f"recorded, before the answer to the {name}" if call.startswith("send")
                    else f"before the request of the {name} is read")
    return {"send": "submission recorded, before the POST leaves",
            "recv": "POSTed, before the answer is read",
            "conn": "submission recorded, before the connection"}.get(call[:4], call)
