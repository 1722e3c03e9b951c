#!/usr/bin/env python3
"""One message to a group of tens of thousands of devices: the real adapter with scef-simulator.

Prints how long each step took, how far others were kept waiting meanwhile, and what memory it cost; ends with 1 if a
member got none or more than one. Not a test of CI: the figures are of this machine, and it takes minutes.
"""

import argparse
import base64
import collections
import json
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "scripts", "play"))
from stack import Stack, call, eventually  # noqa: E402

DOMAIN = "iot.example"
PROBE = f"probe@{DOMAIN}"
# GET /3/0/0 and GET /3/0/1: which message a frame is of.
FIRST, SECOND = bytes.fromhex("40010000b13301300130"), bytes.fromhex("40010000b13301300131")
GROUP = "/groups/valley"
PATIENCE = 1800


def resident_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


class Watch:
    """What others notice meanwhile: asks again and again, each question on a thread of its own."""

    def __init__(self, stack):
        self.stack = stack
        self.over = threading.Event()
        self.times = collections.defaultdict(list)
        self.failures = collections.Counter()
        self.memory = []
        self.threads = [threading.Thread(target=self.ask, args=one) for one in (
            ("/healthz", lambda: call("GET", stack.api + "/healthz", timeout=30)[0] == 200),
            ("GET /devices/{id}", lambda: stack.adapter_call("GET", "/devices/" + PROBE)[0] == 200),
            ("LwM2M read of another device",
             lambda: stack.operate("probe", "read", path="/3/0/0")["code"] == "2.05"))]
        self.threads.append(threading.Thread(target=self.weigh))
        for thread in self.threads:
            thread.start()

    def ask(self, what, question):
        while not self.over.wait(0.02):
            begun = time.monotonic()
            try:
                good = question()
            except (OSError, ValueError):
                good = False
            if good:
                self.times[what].append(time.monotonic() - begun)
            else:
                self.failures[what] += 1

    def weigh(self):
        while not self.over.wait(0.1):
            try:
                self.memory.append(resident_mib(self.stack.adapter.process.pid))
            except (OSError, StopIteration):
                pass

    def end(self, title):
        self.over.set()
        for thread in self.threads:
            thread.join()
        for what, times in self.times.items():
            ordered = sorted(times)
            say(f"{title}: {what}", f"{len(times)} times, median {1000 * statistics.median(ordered):.1f} ms, "
                f"99 % {1000 * ordered[int(len(ordered) * 0.99)]:.1f} ms, worst {1000 * ordered[-1]:.1f} ms, "
                f"{self.failures[what]} failed")
        if self.memory:
            say(f"{title}: resident", f"{max(self.memory):.0f} MiB at most")


def say(what, figure):
    print(f"{what:62} {figure}", flush=True)


class Timed:
    """Says how long its block took."""

    def __init__(self, what):
        self.what = what

    def __enter__(self):
        self.begun = time.monotonic()
        return self

    def __exit__(self, *failure):
        if failure[0] is None:
            say(self.what, f"{time.monotonic() - self.begun:.2f} s")


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.stack = Stack(options.bin, folder, shards=options.shards, tokens=False)
        self.devices = [f"meter{i:06}@{DOMAIN}" for i in range(options.devices)]

    def ask(self, method, path, body=None, expect=200):
        status, answer = self.stack.adapter_call(method, path, body)
        assert status == expect, (method, path, status, answer)
        return answer

    def memory(self):
        return resident_mib(self.stack.adapter.process.pid)

    def start(self):
        stack = self.stack
        stack.start_server()
        stack.start_scef("--log-level", "warn", "--log-file", os.path.join(stack.dir, "t8.jsonl"))
        stack.configure()
        stack.start_adapter()
        stack.provision(PROBE, profile="always-on")
        stack.start_modems("--device", PROBE, "--state", "connected")
        eventually("the probe is registered", lambda: "probe" in stack.clients(), 60)

    def provision(self):
        file = os.path.join(self.stack.dir, "fleet.jsonl")
        with open(file, "w", encoding="utf-8") as lines:
            for one in self.devices:
                lines.write(json.dumps({"externalId": one, "profile": self.options.profile, "groups": ["valley"]}) + "\n")
        with Timed(f"{len(self.devices)} devices imported"):
            done = self.stack.ctl("devices", "import", file, seconds=PATIENCE)
            assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        if not self.options.no_wait:
            with Timed("their NIDD configurations are active"):
                eventually("active", lambda: self.active() > len(self.devices), PATIENCE, 1)
        say("resident then", f"{self.memory():.0f} MiB")

    def active(self):
        return sum(float(line.split()[-1]) for line in self.stack.metrics().splitlines()
                   if line.startswith("scef_adapter_nidd_configurations{") and 'status="active"' in line.lower())

    def send(self, payload):
        body = {"payload": base64.b64encode(payload).decode(), "ttl": "24h"}
        if self.options.per_second:
            body["pacing"] = {"perSecond": self.options.per_second}
        with Timed("POST answered"):
            self.job = self.ask("POST", GROUP + "/messages", body, 202)["id"]
        return time.monotonic()

    def results(self, limit=1):
        return self.ask("GET", f"{GROUP}/messages/{self.job}/results?limit={limit}")

    def has_turns(self):
        return self.results()["fanOut"] in ("done", "canceled")

    def kill(self, what):
        self.stack.adapter.kill()
        with Timed(what):
            self.stack.start_adapter()

    def judge(self, payload):
        """Each member has one message: by the records, page by page, and by what the SCEF took."""
        path, members, cursor = f"{GROUP}/messages/{self.job}/results?limit=1000", collections.Counter(), ""
        with Timed("all results, in pages of 1000"):
            while True:
                page = self.ask("GET", path + cursor)
                members.update(item["externalId"] for item in page["items"])
                if page["next"] is None:
                    break
                cursor = "&cursor=" + page["next"]
        assert set(members) == set(self.devices) and set(members.values()) == {1}, len(members)
        taken = self.taken(payload)
        twice = [one for one, count in taken.items() if count > 1]
        say("members whose message the SCEF took; more than once", f"{len(taken)}; {len(twice)}")
        return not twice

    def taken(self, payload):
        """Deliveries that the SCEF took, by device."""
        taken = collections.Counter()
        with open(os.path.join(self.stack.dir, "t8.jsonl"), encoding="utf-8") as lines:
            for line in lines:
                if '"t8-answer"' not in line or '"method":"POST"' not in line:
                    continue
                entry = json.loads(line)
                data = base64.b64decode(entry["detail"].get("body", {}).get("data", ""))
                if data.endswith(payload[4:]) and entry["externalId"] != PROBE:
                    taken[entry["externalId"]] += 1
        return taken

    def counts(self):
        return self.results()["counts"]


def run(bench):
    options = bench.options
    bench.start()
    bench.provision()
    idle = Watch(bench.stack)
    time.sleep(5)
    idle.end("idle")

    busy = Watch(bench.stack)
    begun = bench.send(FIRST)
    eventually("fanned out", bench.has_turns, PATIENCE, 0.2)
    say("every member had its turn after", f"{time.monotonic() - begun:.2f} s")
    busy.end("fan-out")
    paced = Watch(bench.stack)
    if options.profile != "nb-iot":  # half of it is delivered
        eventually("half", lambda: bench.counts().get("ACCEPTED", 0) > options.devices / 2, PATIENCE, 2)
    with Timed("first page of results, which counts all"):
        found = bench.results(100)
    paced.end("delivery")
    say("counts", found["counts"])
    bench.kill("killed in delivery, ready again after")
    if options.profile != "nb-iot":
        eventually("all", lambda: bench.counts() == {"ACCEPTED": options.devices}, PATIENCE, 2)
    good = bench.judge(FIRST)
    first = bench.job

    second = bench.send(SECOND)
    bench.kill("killed as a fan-out began, ready again after")
    eventually("fanned out", bench.has_turns, PATIENCE, 0.2)
    say("every member had its turn after", f"{time.monotonic() - second:.2f} s")
    good = bench.judge(SECOND) and good
    for job in (bench.job, first):
        bench.job = job
        canceling = Watch(bench.stack)
        with Timed("DELETE answered"):
            bench.ask("DELETE", f"{GROUP}/messages/{job}", expect=202)
        if job != first:
            canceling.end("before the kill")
            bench.kill("killed as a cancellation began, ready again after")
            canceling = Watch(bench.stack)
        with Timed("then canceled everywhere"):
            eventually("canceled", bench.has_turns, PATIENCE, 0.2)
        canceling.end("cancellation")
        say("counts", bench.counts())
        with Timed("then all have ended"):
            eventually("ended", lambda: set(bench.counts()) == {"CANCELED"}, PATIENCE, 1)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", default=os.path.join(ROOT, "build", "release", "bin"))
    parser.add_argument("--devices", type=int, default=20000)
    parser.add_argument("--per-second", type=float, default=500, help="the pace; 0: all at once")
    parser.add_argument("--profile", default="nb-iot", help="nb-iot: they sleep; always-on: all goes to the SCEF")
    parser.add_argument("--no-wait", action="store_true",
                        help="goes on before their NIDD configurations are active, which takes longest")
    parser.add_argument("--shards", type=int, default=256)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="scef-bench-")
    bench = Bench(options, folder)
    try:
        return 0 if run(bench) else 1
    finally:
        bench.stack.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
