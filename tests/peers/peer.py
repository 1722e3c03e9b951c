"""Third-party programs that the tests start and talk to: Node.js ones by a JSON line protocol."""

import json
import os
import queue
import shutil
import subprocess
import sys
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PACKAGES = os.path.join(os.environ.get("SCEF_PEERS", os.path.join(ROOT, "build", "peers")),
                        "node_modules")
HERE = os.path.dirname(os.path.abspath(__file__))


def missing(what):
    """Ends the test: as skipped, or as failed where scripts/test --peers has to have it."""
    print(f"{what}; scripts/test --peers installs it")
    sys.exit(1 if os.environ.get("SCEF_PEERS_REQUIRED") == "1" else 77)


def require_program(*names):
    """The first of the programs that is installed."""
    for name in names:
        if shutil.which(name):
            return shutil.which(name)
    return missing(f"{names[0]} is not installed")


def require_packages(*names):
    require_program("node")
    for name in names:
        if not os.path.isdir(os.path.join(PACKAGES, name)):
            missing(f"the npm package {name} is not in {PACKAGES}")


class Refused(Exception):
    """The peer answered a command with an error."""


class Peer:
    """One Node.js program of this folder. `ask` sends a command; events wait until a test takes them."""

    def __init__(self, script, *arguments, log_file):
        self.log_file = log_file
        with open(log_file, "ab") as log:
            self.process = subprocess.Popen(
                ["node", os.path.join(HERE, script), *map(str, arguments)], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8",
                env={**os.environ, "NODE_PATH": PACKAGES})
        self.events = queue.Queue()
        self.passed = []
        self.answers = {}
        self.arrived = threading.Condition()
        self.asked = 0
        threading.Thread(target=self._read, daemon=True).start()
        self.ready = self.event("ready")

    def _read(self):
        for line in self.process.stdout:
            message = json.loads(line)
            if "event" in message:
                self.events.put(message)
                continue
            with self.arrived:
                self.answers[message["id"]] = message
                self.arrived.notify_all()

    def begin(self, command, **fields):
        """Sends a command; `end` waits for its answer."""
        with self.arrived:
            self.asked += 1
            number = self.asked
        self.process.stdin.write(json.dumps({"id": number, "command": command, **fields}) + "\n")
        self.process.stdin.flush()
        return number

    def end(self, number, seconds=60):
        with self.arrived:
            if not self.arrived.wait_for(lambda: number in self.answers, seconds):
                raise AssertionError(f"no answer within {seconds} s; {self.log()}")
            message = self.answers.pop(number)
        if "error" in message:
            raise Refused(message["error"])
        return message["answer"]

    def has_answer(self, number):
        with self.arrived:
            return number in self.answers

    def ask(self, command, seconds=60, **fields):
        return self.end(self.begin(command, **fields), seconds)

    def event(self, kind, seconds=30, **wanted):
        """The next event of that kind with these fields; events before it wait for their turn."""
        for index, event in enumerate(self.passed):
            if matches(event, kind, wanted):
                return self.passed.pop(index)
        while True:
            try:
                event = self.events.get(timeout=seconds)
            except queue.Empty:
                raise AssertionError(
                    f"no event {kind} {wanted} within {seconds} s, but {self.passed}; {self.log()}"
                ) from None
            if matches(event, kind, wanted):
                return event
            self.passed.append(event)

    def log(self):
        with open(self.log_file, encoding="utf-8", errors="replace") as log:
            return "its log: " + log.read()[-2000:]

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


def matches(event, kind, wanted):
    return event["event"] == kind and all(event.get(key) == value for key, value in wanted.items())
