"""Kills of the adapter under load: `time` at moments, `points` at system calls (strace); the history of each
must be clean. Ends with 77 where the machine cannot do it, and says why."""

import os
import random
import shutil
import sys
import tempfile
import unittest

from adapter import Points
from torture import play_round

BIN = os.environ["SCEF_BIN"]
HOW = sys.argv.pop() if sys.argv[-1] in ("time", "points") else "time"
KILLS = 5


class Kills(unittest.TestCase):
    def test_kills_lose_nothing_and_break_no_promise(self):
        seed = int(os.environ.get("SCEF_SEED") or random.SystemRandom().randrange(1 << 31))
        print(f"repeat with SCEF_SEED={seed}")
        folder = tempfile.mkdtemp(prefix="scef-torture-")
        bad, counts = play_round(BIN, folder, seed, KILLS, float(HOW == "points"), lambda text: None)
        print(counts)
        self.assertEqual(bad, [], f"its history is {folder}/history.jsonl")
        self.assertGreaterEqual(counts["kills"], KILLS)
        self.assertGreater(counts["acknowledged"], KILLS)  # there was load
        self.assertGreater(counts["posts"], KILLS)
        shutil.rmtree(folder)


if __name__ == "__main__":
    reason = Points.why_not() if HOW == "points" else None
    if reason:
        print("skipped: " + reason)
        sys.exit(77)
    unittest.main(verbosity=2, warnings="ignore")
