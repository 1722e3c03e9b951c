"""The command line of scripts/soak."""

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time

import judge
from ledger import Ledger
from load import Air, CONFIGURATION, Load, RETENTION
from stack import Failure, Stack
from watch import Watch

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
EPILOG = """\
Exit status: 0 without a violation, 1 with one, 2 if it cannot begin. SIGINT or SIGTERM ends the load early, and
what was seen until then is judged. --judge FILE judges a report again. docs/reliability.md says what is looked at.

  scripts/soak --hours 0.05                        # three minutes: nothing is said of growth
  scripts/soak --hours 1 --build build/release
  scripts/soak --hours 72 --rate 20
"""
SAMPLE_SECONDS = 5
DRAIN_SECONDS = 300
MESSAGES_A_TURN = 40  # asked for in one turn of the loop, which also samples


def arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/soak", epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Runs the real programs under mixed load for hours and looks at what grows, what is lost "
                    "and what is sent twice.")
    parser.add_argument("--hours", type=float, help="how long, such as 0.5")
    parser.add_argument("--build", metavar="DIR", help="build folder of the programs (build/release)")
    parser.add_argument("--seed", type=int, help="of the load; what processes do at the same moment no seed repeats")
    parser.add_argument("--rate", type=float, default=8.0, help="steps of the load a second (8)")
    parser.add_argument("--json", metavar="FILE", help="the report (DIR/soak-report.json)")
    parser.add_argument("--keep", action="store_true", help="keep the folder of the run, too, if all is well")
    parser.add_argument("--judge", metavar="FILE", help="only judge this report")
    return parser.parse_args()


class Soak:
    def __init__(self, bin_dir, folder, seed, seconds, rate):
        self.stack = Stack(bin_dir, folder, shards=16)
        self.seed, self.seconds, self.rate = seed, seconds, rate
        self.ledger = Ledger()
        self.began = time.monotonic()
        self.watch = Watch(self.stack, self.began)
        self.load = Load(self.stack, self.ledger, seed, rate)
        self.air = Air(self.stack, self.ledger)
        self.open_in_the_end = None
        self.hups = 0
        self.before = {}

    # ---- Begin

    def start(self):
        self.stack.start_server()
        self.stack.start_scef("--time-scale", "10", "--seed", str(self.seed % 1000))
        self.stack.configure()
        with open(self.stack.config_file, encoding="utf-8") as file:
            self.configuration = file.read().replace("store: {", f"store: {{retention: {RETENTION}, ", 1)
        self.configure(20)
        self.stack.start_adapter()
        self.watch.new_life()
        self.load.begin()

    def configure(self, rate):
        with open(self.stack.config_file + ".new", "w", encoding="utf-8") as file:
            file.write(self.configuration + CONFIGURATION.format(rate=rate))
        os.replace(self.stack.config_file + ".new", self.stack.config_file)

    # ---- The hours

    def plan(self):
        """(seconds from now, what) in order: reloads all the time, restarts early, so that the last life is
        long enough to tell of growth."""
        every = min(600.0, max(30.0, self.seconds / 12))
        events = [(every * (index + 0.5), self.reload) for index in range(int(self.seconds / every))]
        events += [(self.seconds * share, self.restart) for share in (1 / 8, 1 / 4)]
        return sorted(events, key=lambda event: event[0])

    def run(self):
        begin = time.monotonic()
        plan = [(begin + after, what) for after, what in self.plan()]
        next_sample, next_minute = begin, begin + 60
        while time.monotonic() < begin + self.seconds:
            time.sleep(0.25)
            self.look()
            now = time.monotonic()
            if plan and now >= plan[0][0]:
                plan.pop(0)[1]()
            if now >= next_sample:
                self.watch.sample()
                next_sample = now + SAMPLE_SECONDS
            if now >= next_minute:
                self.minute()
                next_minute += 60

    def look(self):
        """What can be wrong at any time."""
        if not self.stack.adapter.is_running():
            raise Failure(f"scef-adapter ended by itself with {self.stack.adapter.process.returncode}")
        self.air.read_on()
        self.watch.read_log()
        for identity in self.ledger.due()[:MESSAGES_A_TURN]:
            try:
                status, message = self.stack.adapter_call("GET", "/messages/" + identity)
            except (OSError, http.client.HTTPException):
                return
            if status in (200, 404):
                self.ledger.learn(identity, status, message.get("state"))

    def minute(self):
        facts = self.ledger.facts()
        counts = facts["counts"]
        for kind in ("messages ended", "server requests", "frames down"):
            if counts.get(kind, 0) == self.before.get(kind, 0):
                self.ledger.find("starved", f"no {kind} in minute {self.minutes():.0f}")
        self.before = counts
        if not self.watch.lives[-1]["samples"]:
            return
        found = sum(count for name, count in counts.items() if name.startswith("finding"))
        print(f"{self.minutes():5.0f} min  {self.watch.text()}  messages {counts.get('messages taken', 0)}, "
              f"{facts['open']} open  server {counts.get('server requests', 0)}  findings {found}  "
              f"errors {self.watch.errors}", flush=True)

    def minutes(self):
        return (time.monotonic() - self.began) / 60

    def reload(self):
        self.hups += 1
        self.configure(20 + self.hups % 2 * 20)
        self.stack.adapter.process.send_signal(signal.SIGHUP)

    def restart(self):
        """SIGTERM under load, and a new process."""
        down = [time.monotonic(), float("inf")]
        self.ledger.down.append(down)
        self.stop_adapter()
        self.stack.start_adapter()
        self.watch.new_life()
        down[1] = time.monotonic() + 5  # datagrams that had not been heard are repeated
        self.ledger.count("restarts")

    def stop_adapter(self):
        status = self.stack.adapter.stop(30)
        if status != 0:
            self.ledger.find("process", f"scef-adapter ended with {status}")

    # ---- The end

    def settle(self):
        """Without load everything has to end, and the queues are empty after a restart, too."""
        self.load.stop()
        end = time.monotonic() + DRAIN_SECONDS
        while time.monotonic() < end and (self.ledger.facts()["open"] or self.still_open()):
            time.sleep(0.5)
            self.look()
        self.watch.sample()
        if self.watch.reloads < self.hups:
            self.ledger.find("process", f"{self.watch.reloads} of {self.hups} reloads came about")
        self.restart()
        self.open_in_the_end = self.still_open()
        self.look()

    def still_open(self):
        samples = Watch(self.stack, self.began)
        samples.new_life()
        return dict(zip(judge.COLUMNS, samples.lives[0]["samples"][0]))["open"] if samples.sample() else 1

    def stop(self):
        for bad in self.stack.stop():
            self.ledger.find("process", f"did not end well: {bad}")
        for leak in self.stack.leaks:
            self.ledger.find("leak", leak)
        if self.stack.adapter is not None:
            self.watch.read_log()

    def report(self):
        return {"seed": self.seed, "hours": self.seconds / 3600, "rate": self.rate, "bin": self.stack.bin,
                "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "seconds": round(time.monotonic() - self.began, 1), "sanitized": is_sanitized(self.stack.bin),
                "lives": self.watch.lives, "columns": judge.COLUMNS, "ledger": self.ledger.facts(),
                "reloads": self.watch.reloads, "errors": self.watch.errors,
                "errorLines": self.watch.error_lines, "openInTheEnd": self.open_in_the_end}


def is_sanitized(bin_dir):
    with open(os.path.join(bin_dir, "scef-adapter"), "rb") as program:
        return b"__asan_init" in program.read()


def soak(one):
    """Whatever happens, what was seen is in the report."""
    try:
        one.start()
        try:
            one.run()
        except KeyboardInterrupt:
            print("ended early")
        one.settle()
    except (Failure, AssertionError, OSError, http.client.HTTPException) as failure:
        one.ledger.find("process", f"{type(failure).__name__}: {failure}")
        one.load.ended.set()
    finally:
        one.stop()
    return one.report()


def show(report):
    facts = report["ledger"]
    width = max(map(len, facts["counts"]), default=0)
    for name, count in facts["counts"].items():
        print(f"{name:<{width}}  {count:>8}")
    print("messages ended as  " + ", ".join(f"{n} {state}" for state, n in sorted(facts["states"].items())))
    print("server answered    " + ", ".join(f"{n} {code}" for code, n in sorted(facts["codes"].items())))
    for kind, texts in sorted(facts["findings"].items()):
        for text in texts[:5]:
            print(f"{kind}: {text}")
    for line in report["errorLines"][:5]:
        print("log: " + line)
    print()
    return judge.show(judge.judge(report))


def main():
    options = arguments()
    if options.judge:
        sys.argv = ["judge", options.judge]
        return judge.main()
    build = os.path.abspath(options.build or os.path.join(ROOT, "build", "release"))
    bin_dir = os.path.join(build, "bin")
    missing = [name for name in ("scef-adapter", "scef-simulator", "modem-simulator", "lwm2m-server-simulator")
               if not os.access(os.path.join(bin_dir, name), os.X_OK)]
    if missing or not options.hours or options.hours < 0:
        print(f"soak: there is no {missing[0]} in {bin_dir}; build it, or name a build folder with --build"
              if missing else "soak: --hours wants a number above 0; see scripts/soak --help", file=sys.stderr)
        return 2
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, signal.default_int_handler)
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 31)
    folder = tempfile.mkdtemp(prefix="soak-", dir=build)
    print(f"seed {seed}, {folder}", flush=True)
    one = Soak(bin_dir, folder, seed, options.hours * 3600, options.rate)
    report = soak(one)
    file_name = options.json or os.path.join(build, "soak-report.json")
    with open(file_name, "w", encoding="utf-8") as file:
        json.dump(report, file)
        file.write("\n")
    good = show(report)
    print(f"report: {file_name}")
    if good and not options.keep:
        shutil.rmtree(folder, ignore_errors=True)
    elif not good:
        print(f"logs and store are kept: {folder}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
