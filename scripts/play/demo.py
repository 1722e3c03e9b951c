"""Plays the main job on real processes and checks it by what the simulators saw."""

import argparse
import base64
import concurrent.futures
import os
import shutil
import signal
import sys
import tempfile
import time
import urllib.parse

from keep import LightTraffic, Watch, what_to_look_at
from stack import Failure, Stack, call, eventually
from trace_frames import Trace, summary

DOMAIN = "iot.operator-a.example"
AWAKE = [f"dev{i:06d}@{DOMAIN}" for i in range(10)]
SLEEPY = [f"meter{i:06d}@{DOMAIN}" for i in range(10)]
NAMES = {e: e.split("@")[0] for e in AWAKE + SLEEPY}

# The network runs ten times faster than a real one: a device that sent something is reachable for
# 1 s (inactivity) + 2 s (T3324). The profile says the same to the adapter.
TIME_SCALE = "10"
EXTRA = """\
profiles:
  nb-iot: {reachability: {psm: {active_timer: 3s, period: 24h}}}
quotas:
  metered: {downlink: {messages: 10/minute, burst: 3}, emergency_reserve: 30%}
  strict: {downlink: {messages: 10/minute, burst: 1}, on_exhausted: reject}
"""


# With --keep also the account has a quota, for the plots.
WATCHED = """\
  fleet: {downlink: {bytes: 200KiB/day}, uplink: {bytes: 200KiB/day}, emergency_reserve: 0%}
quota_scopes: {account: fleet}
"""


class Play:
    def __init__(self, stack, started):
        self.stack = stack
        self.trace = Trace(stack, started, NAMES)
        self.rows = []

    def step(self, title, work):
        print(f"\n── {title}", flush=True)
        began = time.monotonic()
        self.trace.quiet = False
        try:
            said = work()
            self.rows.append(("ok", title, said, time.monotonic() - began))
        except (Failure, AssertionError, KeyError, TypeError, OSError) as failure:
            text = str(failure) or type(failure).__name__
            self.rows.append(("FAILED", title, text, time.monotonic() - began))
        time.sleep(0.25)  # let the trace catch up with the last frames
        self.trace.quiet = True
        verdict, _, said, took = self.rows[-1]
        print(f"   {verdict}: {said}  ({took:.1f} s)", flush=True)
        return verdict == "ok"

    # ---- The steps

    def register(self):
        stack = self.stack
        for external_id in AWAKE:
            stack.provision(external_id, profile="always-on")
        for external_id in SLEEPY:
            stack.provision(external_id)
        for external_id, quota in ((AWAKE[4], "metered"), (AWAKE[5], "strict")):
            stack.adapter_call("PUT", "/devices/" + urllib.parse.quote(external_id),
                               {"externalId": external_id, "profile": "always-on", "quota": quota})
        eventually("NIDD configurations are ACTIVE", lambda: all(
            stack.device(e)["niddConfiguration"]["status"] == "ACTIVE" for e in AWAKE + SLEEPY))
        self.awake = stack.start_modems("--fleet", "10", "--domain", DOMAIN, "--seed", "1",
                                        label="modems-awake")
        meters = [word for e in SLEEPY for word in ("--device", e)]
        self.sleepy = stack.start_modems(*meters, "--state", "psm", "--seed", "2",
                                         label="modems-sleepy")
        eventually("20 devices are registered", lambda: len(stack.clients()) == 20, 30)
        addresses = {c["address"] for c in stack.clients().values()}
        expect(len(addresses) == 20, f"the server sees {len(addresses)} addresses instead of 20")
        return f"20 clients at the server, at {len(addresses)} different addresses"

    def read_awake(self):
        before = self.stack.frames_down(AWAKE[0])
        answer = self.stack.operate("dev000000", "read", path="/3/0/0")
        expect(answer["code"] == "2.05" and answer["separate"] is False, f"got {answer}")
        frames = self.stack.frames_down(AWAKE[0]) - before
        expect(frames == 1, f"{frames} frames on the air instead of 1")
        return f"2.05 “{answer['payload']}”, piggybacked after {answer['latencyMs']:.0f} ms, one frame"

    def sleeps(self, external_id):
        eventually(f"{NAMES[external_id]} sleeps",
                   lambda: self.stack.ue_state(external_id) == "psm", 30)
        eventually(f"the adapter takes {NAMES[external_id]} for asleep",
                   lambda: not self.stack.device(external_id)["reachability"]["reachable"], 30)

    def read_asleep(self):
        target, name = SLEEPY[0], NAMES[SLEEPY[0]]
        self.sleeps(target)
        before = self.stack.frames_down(target)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            read = pool.submit(self.stack.operate, name, "read", path="/3/0/1")
            eventually("the server gets the empty ACK (custody)",
                       lambda: self.stack.server_events(name, "AWAITING_RESPONSE"), 5)
            time.sleep(1.5)
            expect(self.stack.frames_down(target) == before, "a frame went to a sleeping device")
            expect(not read.done(), "the server was answered before the device woke")
            self.trace.say(name, "·", "custody: the server has its empty ACK; the device now wakes")
            self.stack.modem_act(self.sleepy, target, "update")
            answer = read.result()
        expect(answer["code"] == "2.05" and answer["separate"] is True, f"got {answer}")
        return (f"2.05 “{answer['payload']}” as a separate response, "
                f"{answer['latencyMs'] / 1000:.1f} s after the request")

    def observe(self):
        name, target = "dev000001", AWAKE[1]
        answer = self.stack.operate(name, "observe", path="/3303/0/5700")
        expect(answer["code"] == "2.05", f"observe: {answer}")
        for value in (23.5, 24.25):
            call("PUT", f"{self.awake.api}/devices/{target}/resources/3303/0/5700", {"value": value})
            eventually(f"notification {value}", lambda v=value: any(
                abs(float(e.get("payload", 0)) - v) < 0.01
                for e in self.stack.server_events(name, "NOTIFICATION")))
        return "first value and two notifications (23.5, 24.25) reached the server"

    def write_execute_send(self):
        name, target = "dev000002", AWAKE[2]
        write = self.stack.operate(name, "write", path="/1/0/1", value="600")
        expect(write["code"] == "2.04", f"write: {write}")
        read = self.stack.operate(name, "read", path="/1/0/1")
        expect(str(read["payload"]) == "600", f"read back: {read}")
        execute = self.stack.operate(name, "execute", path="/3/0/12")
        expect(execute["code"] == "2.04", f"execute: {execute}")
        ran = call("GET", f"{self.awake.api}/devices/{target}")[1]["executed"]
        expect(ran.get("/3/0/12") == 1, f"the device executed {ran}")
        self.stack.modem_act(self.awake, target, "send")
        eventually("the Send arrives", lambda: self.stack.server_events(name, "SEND"))
        return "Write read back as 600, Execute ran once on the device, Send arrived"

    def retransmissions(self):
        name, target = "dev000003", AWAKE[3]
        before = self.stack.frames_down(target)
        answer = self.stack.operate(name, "read", path="/3/0/2", repeatDatagram=4)
        expect(answer["code"] == "2.05", f"got {answer}")
        time.sleep(0.5)
        frames = self.stack.frames_down(target) - before
        expect(frames == 1, f"{frames} frames on the air instead of 1")
        absorbed = metric(self.stack, 'duplicates_suppressed_total{kind="server_retransmission"}')
        return f"5 identical datagrams from the server, 1 frame on the air ({absorbed} absorbed)"

    def expiry(self):
        target, name = SLEEPY[3], NAMES[SLEEPY[3]]
        self.sleeps(target)
        before = self.stack.frames_down(target)
        answer = self.stack.operate(name, "read", path="/3/0/0", ttl=5)
        expect(answer["code"] == "5.04", f"got {answer}")
        self.stack.modem_act(self.sleepy, target, "update")
        eventually("the device is awake again",
                   lambda: self.stack.frames_down(target) >= before + 1, 10)
        time.sleep(1.0)
        gets = [f for f in self.stack.frames(target)[before:]
                if is_request(bytes.fromhex(f["detail"].get("data", f["detail"].get("hex", ""))))]
        expect(not gets, f"{len(gets)} expired requests went on the air")
        return f"5.04 after {answer['latencyMs'] / 1000:.1f} s; the device woke and got nothing of it"

    def quota_waits(self):
        """Two of a burst of three may be used; the third waits, and an emergency passes it."""
        name, target = "dev000004", AWAKE[4]
        for _ in range(2):
            answer = self.stack.operate(name, "read", path="/3/0/0")
            expect(answer["code"] == "2.05" and answer["latencyMs"] < 2000, f"got {answer}")
        with concurrent.futures.ThreadPoolExecutor() as pool:
            third = pool.submit(self.stack.operate, name, "read", path="/3/0/1")
            waiting = eventually("the third read waits for the quota", lambda: next(
                (m for m in self.messages(target) if m["reason"] == "quota"), None), 5)
            self.trace.say(name, "·", f"a read waits: {self.last_detail(waiting)}")
            urgent = self.send(target, "emergency")[1]["id"]
            eventually("the emergency is delivered",
                       lambda: self.message(urgent)["state"] == "DELIVERED", 3)
            expect(not third.done(), "the third read did not wait")
            answer = third.result()
        expect(answer["code"] == "2.05", f"got {answer}")
        return (f"10/minute, burst 3, 30 % reserved: two reads went at once, an emergency passed the third, "
                f"which left by itself after {answer['latencyMs'] / 1000:.1f} s")

    def quota_rejects(self):
        name, target = "dev000005", AWAKE[5]
        expect(self.stack.operate(name, "read", path="/3/0/0")["code"] == "2.05", "the first read")
        refused = self.stack.operate(name, "read", path="/3/0/1")
        expect(refused["code"] == "4.29", f"got {refused}")
        status, problem = self.send(target, "normal")
        expect(status == 429, f"the API answered {status}: {problem}")
        frames = self.stack.frames_down(target)
        expect(self.send(target, "normal")[0] == 429 and self.stack.frames_down(target) == frames,
               "a refused message went on the air")
        return "the server heard 4.29 with Max-Age, the API's client 429 with Retry-After; nothing was queued"

    def send(self, external_id, priority):
        """A Read of /3/0/9 by the API."""
        frame = base64.b64encode(bytes.fromhex("40010000b1330130 0139".replace(" ", ""))).decode()
        return self.stack.adapter_call(
            "POST", "/devices/" + urllib.parse.quote(external_id) + "/messages",
            {"payload": frame, "priority": priority})

    def messages(self, external_id):
        path = "/devices/" + urllib.parse.quote(external_id) + "/messages"
        return self.stack.adapter_call("GET", path)[1]["items"]

    def message(self, message_id):
        return self.stack.adapter_call("GET", "/messages/" + message_id)[1]

    def last_detail(self, message):
        entries = self.stack.adapter_call("GET", f"/messages/{message['id']}/timeline")[1]
        entries = entries if isinstance(entries, list) else entries["items"]
        return entries[-1].get("detail", "")

    def crash(self):
        target, name = SLEEPY[5], NAMES[SLEEPY[5]]
        self.sleeps(target)
        before = len(self.stack.frames(target))
        paths = [f"/3/0/{i}" for i in (0, 1, 2, 3, 9, 10, 13, 16)] + ["/1/0/1", "/1/0/0"]
        with concurrent.futures.ThreadPoolExecutor(max_workers=10) as pool:
            reads = []
            for i, path in enumerate(paths):
                reads.append(pool.submit(self.stack.operate, name, "read", path=path))
                eventually("the message is queued", lambda n=i + 1: len(
                    self.stack.server_events(name, "AWAITING_RESPONSE")) >= n, 10)
            self.stack.adapter.kill()
            self.trace.say("scef-adapter", "·", "kill -9 with 10 messages queued")
            self.stack.start_adapter()
            self.trace.say("scef-adapter", "·", "is back; the device now wakes")
            self.stack.modem_act(self.sleepy, target, "update")
            answers = [read.result() for read in reads]
        bad = [a for a in answers if a["code"] != "2.05"]
        expect(not bad, f"{len(bad)} of 10 were not answered 2.05: {bad[:2]}")
        sent = [f["detail"].get("data", f["detail"].get("hex", "")) for f in self.stack.frames(target)[before:]]
        order = [path_of(bytes.fromhex(f)) for f in sent if is_request(bytes.fromhex(f))]
        expect(order == paths, f"frames on the air were {order}")
        return "10 of 10 delivered and answered, each once, in the order in which they were queued"


def is_request(frame):
    return len(frame) > 3 and frame[0] >> 6 == 1 and 1 <= frame[1] < 32


def path_of(frame):
    return next((word for word in summary(frame).split() if word.startswith("/")), "/")


def expect(condition, otherwise):
    if not condition:
        raise Failure(otherwise)


def metric(stack, series):
    """A counter on the adapter's metrics page, as a whole number."""
    text = call("GET", stack.api + "/metrics")[1]
    return int(sum(float(line.split()[-1]) for line in str(text).splitlines()
                   if line.startswith("scef_adapter_" + series)))


def print_summary(play, stack, took):
    width = max(len(title) for _, title, _, _ in play.rows)
    print("\n" + "═" * 100)
    for verdict, title, said, seconds in play.rows:
        print(f" {verdict:<6} {title:<{width}}  {said}")
    print("─" * 100)
    counters = call("GET", stack.scef_control + "/counters")[1]
    server = call("GET", stack.server_api + "/counters")[1]
    answers = ", ".join(f"{k}: {v}" for k, v in sorted(counters["deliveries"].items()))
    print(f" SCEF saw         {counters['frames_downlink_total']} frames down, "
          f"{counters['frames_uplink_total']} up; deliveries answered {answers}")
    totals = [call("GET", m.api + "/devices")[1] for m in (play.awake, play.sleepy)]
    devices = [d for t in totals for d in (t["devices"] if isinstance(t, dict) else t)]
    print(f" Devices saw      {sum(d.get('requestsHandled', 0) for d in devices)} requests, "
          f"{sum(d.get('duplicatesSuppressed', 0) for d in devices)} duplicates")
    print(f" Server saw       {server['registrations_total']} registrations, "
          f"{server['responses_total']} responses ({server['separate_responses_total']} separate), "
          f"{server['notifications_total']} notifications, {server['sends_total']} sends")
    ok = sum(1 for row in play.rows if row[0] == "ok")
    print(f" {ok} of {len(play.rows)} steps happened, in {took:.0f} s")
    print("═" * 100)
    return ok == len(play.rows)


def play_all(play, started, watch=None):
    stack = play.stack
    stack.start_server()
    stack.start_scef("--time-scale", TIME_SCALE, "--seed", "7")
    stack.configure(EXTRA + (WATCHED if watch else ""))
    stack.start_adapter()
    if watch:
        watch.start()
    play.trace.thread.start()
    print(f"LwM2M server {stack.server_uri}   SCEF {stack.scef_api_root}   adapter {stack.api}", flush=True)
    if not play.step("20 devices provisioned, configured, registered", play.register):
        print_summary_safely(play, stack, started)
        return False
    play.step("Read of an awake device", play.read_awake)
    play.step("Read of a device in PSM", play.read_asleep)
    play.step("Observe with two notifications", play.observe)
    play.step("Write, Execute, Send", play.write_execute_send)
    play.step("The server retransmits", play.retransmissions)
    play.step("A TTL of 5 s to a sleeping device", play.expiry)
    play.step("A quota runs out: wait and reserve", play.quota_waits)
    play.step("A quota runs out: reject", play.quota_rejects)
    play.step("kill -9 with 10 messages queued", play.crash)
    play.trace.ended.set()
    return print_summary(play, stack, time.monotonic() - started)


def print_summary_safely(play, stack, started):
    play.trace.ended.set()
    for verdict, title, said, _ in play.rows:
        print(f" {verdict:<6} {title}  {said}")
    print(f" Logs: {stack.dir}   ({time.monotonic() - started:.0f} s)")


def keep_running(play, watch, play_ok):
    stack = play.stack
    traffic = LightTraffic(play, AWAKE[:4] + AWAKE[6:], SLEEPY, NAMES)
    traffic.start()
    print(what_to_look_at(play, watch, SLEEPY[3]), flush=True)
    try:
        while all(p.is_running() for p in stack.programs):
            time.sleep(0.5)
    except KeyboardInterrupt:
        print()
    traffic.stop()
    return play_ok


def main():
    parser = argparse.ArgumentParser(prog="scripts/demo")
    parser.add_argument("--bin", required=True)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, signal.default_int_handler)
    work_dir = tempfile.mkdtemp(prefix="scef-demo-")
    stack = Stack(options.bin, work_dir, default_ports=True, tokens=False)
    started = time.monotonic()
    play = Play(stack, started)
    watch = Watch(stack) if options.keep else None
    ok = False
    try:
        ok = play_all(play, started, watch)
        if watch:
            ok = keep_running(play, watch, ok)
    except Failure as failure:
        print(f"FAILED: {failure}")
    except KeyboardInterrupt:
        print("interrupted")
    finally:
        bad = stack.stop()
        if bad:
            print(f"FAILED: these programs did not end well: {', '.join(bad)}")
            ok = False
        if ok:
            shutil.rmtree(work_dir, ignore_errors=True)
        else:
            print(f"Logs are kept in {work_dir}")
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
