"""Power loss, replayed: the adapter works under strace, and from the writes that it made every legal state
of the disk may be rebuilt. Each is opened by the adapter's own store; what had been acknowledged before that
moment must be in it. A disk that lies (half of the syncs did nothing) is the control: it must be caught."""

import asyncio
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

from adapter import SHARDS, Died
from disk_model import Disk, write_out
from disk_trace import STRACE, Trace
from messages import serial_in
from round import Round

MESSAGE, UPLINK, DEVICE, FINAL_MESSAGE = 3, 4, 2, 0x80
LIVES, SECONDS = 3, 4.0
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


class Recorded(Round):
    """Lives under strace, each ended by kill -9. The calls go on meanwhile."""

    async def record(self, lives=LIVES, seconds=SECONDS):
        self.logs = []
        try:
            await self.begin()
            for _ in range(lives):
                await self.adapter.live(seconds)
                await self.adapter.kill()
                self.start_traced()
                await self.adapter.ready()
            await self.adapter.live(seconds)
            await self.adapter.kill()
        finally:
            for task in [*self.tasks, *self.scef.tasks]:
                task.cancel()
            self.adapter.force_end()
            self.history.close()

    def start_traced(self):
        self.logs.append(os.path.join(self.dir, f"strace-{len(self.logs)}.log"))
        self.start_plainly(*STRACE, "-o", self.logs[-1])

    async def begin(self):
        self.start_plainly = self.adapter.start
        self.adapter.start = lambda *before: self.start_traced()
        await super().begin()


def find_reader(bin_dir):
    """The program store_lines; None if it was not built."""
    for folder in (bin_dir, *(os.path.join(ROOT, "build", kind, "bin") for kind in ("asan", "dev"))):
        path = os.path.join(folder, "store_lines")
        if os.access(path, os.X_OK):
            return path
    return None


class Reader:
    """The adapter's store, in a process that opens one folder after another."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, str(SHARDS)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def read(self, folder):
        """(why it was refused or None, [(kind, key, value)], corrupt keys)."""
        self.process.stdin.write(folder + "\n")
        self.process.stdin.flush()
        records, corrupt = [], []
        for line in self.process.stdout:
            words = line.split()
            if words[0] == "end":
                return None, records, corrupt
            if words[0] == "refused":
                return line[8:].strip(), records, corrupt
            if words[0] == "corrupt":
                corrupt.append(words[1])
            else:
                value = words[2] if len(words) > 2 else ""
                records.append((int(words[0]), words[1], bytes.fromhex(value)))
        raise Died("the reader of stores ended: " + str(self.process.wait()))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Promises:
    """What had been acknowledged at a moment, from the history."""

    def __init__(self, events):
        self.ids, self.serials, self.uplinks, self.devices = [], [], [], []
        self.received = {}
        for event in events:
            kind, when = event["e"], event["w"]
            if kind == "api_answer" and event["id"]:
                self.ids.append((when, event["id"].replace("-", "")))
            elif kind == "coap_ack" and event["code"] == "0.00":
                self.serials.append((when, event["serial"]))
            elif kind == "uplink_answer" and event["code"] == 204 and event.get("marker"):
                self.uplinks.append((when, event["marker"]))
            elif kind == "server_received":
                self.received.setdefault(event["marker"], when)
            elif kind == "provisioned":
                self.devices.append((when, event["device"]))

    def broken(self, when, records):
        """A sentence for each promise made before `when` that the records do not keep."""
        ids = {key for kind, key, _ in records if kind in (MESSAGE, FINAL_MESSAGE)}
        serials = {serial_in(value) for kind, _, value in records if kind in (MESSAGE, FINAL_MESSAGE)}
        uplinks = b"".join(value for kind, _, value in records if kind == UPLINK)
        devices = b"".join(value for kind, _, value in records if kind == DEVICE)
        for told, id in self.ids:
            if told < when and id not in ids:
                yield f"message {id} was acknowledged {when - told:.3f} s before"
        for told, serial in self.serials:
            if told < when and serial not in serials:
                yield f"request m{serial:07d} was acknowledged {when - told:.3f} s before"
        for told, marker in self.uplinks:
            # The LwM2M server has it, or it is still to be forwarded.
            if told < when and self.received.get(marker, when) >= when and marker.encode() not in uplinks:
                yield f"uplink {marker} was answered 204 {when - told:.3f} s before"
        for told, device in self.devices:
            if told < when and device.encode() not in devices:
                yield f"device {device} was provisioned {when - told:.3f} s before"


class Replay:
    """One recording, and states of its disk."""

    def __init__(self, bin_dir, seed, folder, lives=LIVES, seconds=SECONDS):
        self.chance, self.folder = random.Random(seed), folder
        self.store = os.path.join(folder, "run", "store")
        recorded = Recorded(bin_dir, os.path.join(folder, "run"), seed, 0)
        asyncio.run(recorded.record(lives, seconds))
        self.promises = Promises(recorded.history.events)
        trace = Trace(self.store)
        for log in recorded.logs:
            trace.read(log)
        self.operations = trace.operations
        self.disk = Disk(self.store, self.operations)
        self.reader = Reader(find_reader(bin_dir))

    def lies(self):
        """Half of all syncs."""
        return frozenset(one for one in self.operations
                         if one.kind == "sync" and self.chance.random() < 0.5)

    def judge(self, lies=frozenset(), ordered=True):
        """Draws a moment and a state of the disk, opens it: what it does not keep."""
        # From the first provisioned device on: before, nothing was promised.
        first = next(i for i, one in enumerate(self.operations)
                     if one.time > self.promises.devices[0][0])
        at = self.operations[self.chance.randrange(first, len(self.operations))]
        state = self.disk.state(at.ended, self.chance, ordered, lies)
        target = os.path.join(self.folder, "state")
        shutil.rmtree(target, ignore_errors=True)
        write_out(state, self.disk.folder, target)
        refused, records, corrupt = self.reader.read(target)
        if refused:
            return [f"the store is refused: {refused}"], at
        bad = [f"a record fails its check: {key}" for key in corrupt]
        return bad + list(self.promises.broken(at.time, records)), at


def why_not(bin_dir):
    if shutil.which("strace") is None:
        return "strace is not installed (scripts/setup --test installs it)"
    if find_reader(bin_dir) is None:
        return "store_lines is not built (cmake --build build/asan --target store_lines)"
    done = subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else "ptrace is not permitted: " + done.stderr.strip()


def run(bin_dir, states, seed=None, keep=None, lives=LIVES, seconds=SECONDS):
    """`states` of an honest disk, a quarter as many of one that lies, and of one that leaves holes."""
    seed = seed if seed is not None else random.SystemRandom().randrange(1 << 31)
    print(f"seed {seed}")
    reason = why_not(bin_dir)
    if reason:
        print("power losses are left out: " + reason)
        return {"seed": seed, "skipped": reason, "violations": []}
    folder = keep or tempfile.mkdtemp(prefix="scef-power-loss-")
    began = time.monotonic()
    replay = Replay(bin_dir, seed, folder, lives, seconds)
    lies = replay.lies()
    result = {"seed": seed, "operations": len(replay.operations), "violations": [], "examples": {},
              "syncs": sum(1 for one in replay.operations if one.kind == "sync"),
              "acknowledged": len(replay.promises.ids) + len(replay.promises.serials) +
              len(replay.promises.uplinks)}
    for name, count, options in (("honest", states, {}),
                                 ("lying", max(16, states // 4), {"lies": lies}),
                                 ("holes", max(8, states // 4), {"ordered": False})):
        flagged = 0
        for number in range(count):
            if sys.stderr.isatty():
                print(f"\r{name}: {number} of {count} states ", end="", file=sys.stderr)
            bad, at = replay.judge(**options)
            flagged += bool(bad)
            if bad:
                result["examples"].setdefault(name, f"after {at}: {bad[0]}")
            if bad and name == "honest":
                result["violations"].append(["I1", f"power loss after {at}: {bad[0]}"])
        result[name] = {"states": count, "flagged": flagged}
    replay.reader.close()
    if not result["lying"]["flagged"]:
        result["violations"].append(["control", "a disk that lies was not noticed: the check is worth nothing"])
    result["seconds"] = round(time.monotonic() - began, 1)
    if result["violations"]:
        result["kept"] = folder
        print(f"its recording is in {folder}; again: --power-loss {states} --seed {seed}")
    elif not keep:
        shutil.rmtree(folder, ignore_errors=True)
    return result


def show(result):
    for name in ("skipped", "operations", "syncs", "acknowledged", "seconds"):
        if name in result:
            print(f"{name:<14}{result[name]:>8}")
    for name, text in (("honest", "states of an honest disk, flagged"),
                       ("lying", "control: half of the syncs lie, flagged"),
                       ("holes", "files with holes in their end, flagged")):
        if name in result:
            print(f"{text:<42}{result[name]['flagged']:>6} of {result[name]['states']}")
    for name, text in result.get("examples", {}).items():
        print(f"  {name}: {text}")
    for invariant, text in result["violations"][:20]:
        print(f"{invariant}: {text}")
    print("violations" if result["violations"] else "no violation")
