"""Some states of the disk after power losses of the real adapter; many by scripts/torture --power-loss."""

import os
import sys
import unittest

import power_loss

BIN = os.environ["SCEF_BIN"]
STATES = 30


class PowerLoss(unittest.TestCase):
    def test_what_was_acknowledged_is_on_the_disk_and_a_disk_that_lies_is_caught(self):
        seed = os.environ.get("SCEF_SEED")
        result = power_loss.run(BIN, STATES, int(seed) if seed else None, lives=1, seconds=2.0)
        power_loss.show(result)
        self.assertEqual(result["violations"], [])
        self.assertGreater(result["acknowledged"], 10)
        self.assertGreater(result["lying"]["flagged"], 0)


if __name__ == "__main__":
    reason = power_loss.why_not(BIN)
    if reason:
        print("skipped: " + reason)
        sys.exit(77)
    unittest.main(verbosity=2, warnings="ignore")
