"""Kills of the adapter under load: `time` at moments, `points` at system calls (strace); the history of each
must be clean. `control` kills an adapter that keeps everything in memory, and must be flagged. Ends with 77
where the machine cannot do it, and says why."""

import asyncio
import os
import random
import shutil
import sys
import tempfile
import unittest

import oracle
from adapter import Points
from round import Round
from torture import play_round

BIN = os.environ["SCEF_BIN"]
HOW = sys.argv.pop() if sys.argv[-1] in ("time", "points", "control") else "time"
KILLS = 5


def seed_of_the_run():
    seed = int(os.environ.get("SCEF_SEED") or random.SystemRandom().randrange(1 << 31))
    print(f"repeat with SCEF_SEED={seed}")
    return seed


class Kills(unittest.TestCase):
    @unittest.skipIf(HOW == "control", "the control only")
    def test_kills_lose_nothing_and_break_no_promise(self):
        seed = seed_of_the_run()
        folder = tempfile.mkdtemp(prefix="scef-torture-")
        bad, counts = play_round(BIN, folder, seed, KILLS, float(HOW == "points"), lambda text: None)
        print(counts)
        self.assertEqual(bad, [], f"its history is {folder}/history.jsonl")
        self.assertGreaterEqual(counts["kills"], KILLS)
        self.assertGreater(counts["acknowledged"], KILLS)  # there was load
        self.assertGreater(counts["posts"], KILLS)
        shutil.rmtree(folder)

    @unittest.skipUnless(HOW == "control", "no control")
    def test_an_adapter_that_forgets_is_flagged(self):
        with tempfile.TemporaryDirectory(prefix="scef-torture-") as folder:
            one = Round(BIN, folder, seed_of_the_run(), 1, 0.0, engine="memory")
            one.moments = (4.0, 4.0)  # long enough for promises
            one.patience = 1  # nobody answers for the devices that it forgot
            asyncio.run(one.play())
            broken = {violation.invariant for violation in oracle.judge(one.history.events)}
        self.assertIn("I1", broken)
        self.assertNotIn("run", broken)


if __name__ == "__main__":
    reason = Points.why_not() if HOW == "points" else None
    if reason:
        print("skipped: " + reason)
        sys.exit(77)
    unittest.main(verbosity=2, warnings="ignore")
