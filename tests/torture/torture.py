"""The command line of scripts/torture."""

import argparse
import asyncio
import collections
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time

import oracle
import power_loss
from adapter import Points
from round import Round

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
EPILOG = """\
A run prints its seed; --seed with it draws the same weather, load and kills again (what two processes
do at the same moment no seed can repeat). A round that fails keeps its folder, with history.jsonl and the
adapter's log; --judge FILE judges a history again. docs/reliability.md says what is promised.

  scripts/torture --kills 10                      # seconds, as the suite does
  scripts/torture --kills 1000 --bin build/release/bin
  scripts/torture --power-loss 2000 --bin build/release/bin
"""


def arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/torture", epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Runs the real scef-adapter between scripted peers, kills it again and again under "
                    "load, and judges the whole history from outside.")
    parser.add_argument("--kills", type=int, default=None, help="how many, in rounds of --round (10)")
    parser.add_argument("--round", type=int, default=50, help="kills of one store, then it is judged (50)")
    parser.add_argument("--minutes", type=float, help="no new round after so long")
    parser.add_argument("--points", type=float, default=0.5,
                        help="share of kills at a system call instead of a moment, 0 to 1 (0.5)")
    parser.add_argument("--power-loss", type=int, metavar="STATES",
                        help="instead: so many states of the disk after a power loss, and the control "
                             "with a disk that lies")
    parser.add_argument("--seed", type=int, help="of the first round; the next ones have the next ones")
    parser.add_argument("--bin", help="folder of the programs (SCEF_BIN, else build/release/bin)")
    parser.add_argument("--keep", metavar="DIR", help="keep all rounds there, not only what fails")
    parser.add_argument("--json", metavar="FILE", help="write the result there, too; - is the output")
    parser.add_argument("--judge", metavar="FILE", help="only judge this history")
    parser.add_argument("--quiet", action="store_true", help="no progress on stderr")
    return parser.parse_args()


class Progress:
    def __init__(self, quiet, kills):
        self.quiet = quiet or not sys.stderr.isatty()
        self.kills, self.done, self.began = kills, 0, time.monotonic()

    def __call__(self, at):
        if self.quiet:
            return
        where = f"{self.done + at} of {self.kills} kills" if isinstance(at, int) else at
        print(f"\r{time.monotonic() - self.began:6.0f} s  {where:<30}", end="", file=sys.stderr)

    def end(self):
        if not self.quiet:
            print("\r" + " " * 45 + "\r", end="", file=sys.stderr)


def play_round(bin_dir, folder, seed, kills, by_points, progress):
    """(violations, counts) of one round."""
    one = Round(bin_dir, folder, seed, kills, by_points, progress)
    asyncio.run(one.play())
    return oracle.judge(one.history.events), oracle.counts(one.history.events)


def torture(options, bin_dir):
    """All rounds; the result as it goes into JSON."""
    kills = options.kills or 10
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 31)
    why_not = Points.why_not() if options.points else None
    share = 0.0 if why_not else options.points
    print(f"seed {seed}")
    if why_not:
        print(f"kills at system calls are left out: {why_not}")
    result = {"seed": seed, "bin": bin_dir, "kills": 0, "points_skipped": why_not, "violations": [],
              "counts": collections.Counter(), "points": collections.Counter(),
              "states": collections.Counter(), "outcomes": collections.Counter(), "kept": []}
    began, progress, number = time.monotonic(), Progress(options.quiet, kills), 0
    while progress.done < kills:
        if options.minutes and time.monotonic() - began > options.minutes * 60 and number:
            break
        count = min(options.round, kills - progress.done)
        folder = (os.path.join(options.keep, f"round-{seed + number}") if options.keep
                  else tempfile.mkdtemp(prefix="scef-torture-"))
        try:
            bad, counts = play_round(bin_dir, folder, seed + number, count, share, progress)
        except KeyboardInterrupt:
            print(f"interrupted; the round that was under way ({folder}) does not count")
            break
        progress.end()
        for name in ("points", "states", "outcomes"):
            result[name].update(counts.pop(name))
        result["counts"].update(counts)
        result["violations"] += [[v.invariant, v.text] for v in bad]
        if bad:
            result["kept"].append(folder)
            print(f"round {seed + number} fails; its history is {folder}/history.jsonl\n"
                  f"again: scripts/torture --kills {count} --round {count} --seed {seed + number} "
                  f"--points {share} --bin {bin_dir}")
            for violation in bad[:20]:
                print(f"  {violation.invariant}: {violation.text}")
        elif not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
        progress.done += count
        number += 1
    result["kills"] = result["counts"].pop("kills", 0)
    result["rounds"], result["seconds"] = number, round(time.monotonic() - began, 1)
    return result


def show(result):
    """The table at the end."""
    broken = collections.Counter(invariant for invariant, _ in result["violations"])
    rows = [("rounds", result["rounds"]), ("kills", result["kills"])]
    rows += [("  " + point, n) for point, n in sorted(result["points"].items())]
    rows += list(result["counts"].items())
    rows += [("  " + state, n) for state, n in sorted(result["states"].items())]
    rows += [("  POST " + outcome, n) for outcome, n in sorted(result["outcomes"].items())]
    rows += [(f"{invariant} {oracle.RULES[invariant][0]}", broken.get(invariant, 0))
             for invariant in oracle.RULES]
    rows += [("run", broken.get("run", 0)), ("seconds", result["seconds"])]
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value:>8}")
    print("violations" if result["violations"] else "no violation")


def main():
    options = arguments()
    # Ended from outside it says what it has.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.stdout.reconfigure(line_buffering=True)
    if options.judge:
        sys.argv = ["oracle", options.judge]
        return oracle.main()
    bin_dir = options.bin or os.environ.get("SCEF_BIN") or os.path.join(ROOT, "build", "release", "bin")
    bin_dir = os.path.abspath(bin_dir)
    if not os.access(os.path.join(bin_dir, "scef-adapter"), os.X_OK):
        print(f"torture: there is no scef-adapter in {bin_dir}; build it, or name a folder with --bin",
              file=sys.stderr)
        return 2
    if options.power_loss:
        result = power_loss.run(bin_dir, options.power_loss, options.seed, options.keep)
        power_loss.show(result)
    else:
        result = torture(options, bin_dir)
        show(result)
    if options.json:
        with (sys.stdout if options.json == "-" else open(options.json, "w", encoding="utf-8")) as file:
            json.dump(result, file, indent=1)
            file.write("\n")
    return 1 if result["violations"] else 0


if __name__ == "__main__":
    sys.exit(main())
