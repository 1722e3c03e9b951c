"""The adapter ends and comes back: on SIGTERM, on kill -9, under load."""

import concurrent.futures
import random
import time
import unittest

from e2e import DOMAIN, StackTest
from stack import eventually

PSM = "profiles: {nb-iot: {reachability: {psm: {active_timer: 3s, period: 24h}}}}\n"


class Restart(StackTest):
    extra = PSM

    def setUp(self):
        self.name = self._testMethodName[-6:].replace("_", "x")
        self.external_id = f"{self.name}@{DOMAIN}"
        self.stack.provision(self.external_id)
        self.modems = self.stack.start_modems("--device", self.external_id, "--state", "psm",
                                              label="modems-" + self.name)
        eventually("registered", lambda: self.name in self.stack.clients())
        eventually("asleep", lambda: not self.stack.device(self.external_id)
                   ["reachability"]["reachable"], 30)
        eventually("asleep in the network", lambda: self.stack.ue_state(self.external_id) == "psm")

    def queue_reads(self, pool, paths):
        reads = []
        for i, path in enumerate(paths):
            reads.append(pool.submit(self.stack.operate, self.name, "read", path=path))
            eventually("custody", lambda n=i + 1: len(
                self.stack.server_events(self.name, "AWAITING_RESPONSE")) >= n)
        return reads

    def test_sigterm_ends_with_0_and_everything_is_there_again_term01(self):
        device = self.stack.device(self.external_id)
        with concurrent.futures.ThreadPoolExecutor() as pool:
            reads = self.queue_reads(pool, ["/3/0/0", "/3/0/1"])
            began = time.monotonic()
            self.assertEqual(self.stack.adapter.stop(), 0)
            self.assertLess(time.monotonic() - began, 10)
            self.stack.start_adapter()
            again = self.stack.device(self.external_id)
            for field in ("endpoints", "niddConfiguration", "registration"):
                self.assertEqual(again[field], device[field])
            self.assertEqual(again["queue"]["messages"], 2)
            self.stack.modem_act(self.modems, self.external_id, "update")
            self.assertEqual([r.result()["code"] for r in reads], ["2.05", "2.05"])

    def test_kills_at_random_moments_lose_and_repeat_nothing_kill01(self):
        seed = random.randrange(1 << 30)
        print(f"seed {seed}")
        chance = random.Random(seed)
        before = self.stack.frames_down(self.external_id)
        paths = [f"/3/0/{i}" for i in (0, 1, 2, 3, 16)]
        with concurrent.futures.ThreadPoolExecutor() as pool:
            reads = self.queue_reads(pool, paths)
            for _ in range(4):
                self.stack.adapter.kill()
                self.stack.start_adapter()
                time.sleep(chance.random() * 0.3)
            self.stack.modem_act(self.modems, self.external_id, "update")
            time.sleep(chance.random() * 0.2)
            self.stack.adapter.kill()  # while deliveries are under way
            self.stack.start_adapter()
            time.sleep(1)
            self.stack.modem_act(self.modems, self.external_id, "update")
            answers = [r.result() for r in reads]
        self.assertEqual([a["code"] for a in answers], ["2.05"] * len(paths))
        # At most the one exchange that was open at the last kill may have been repeated.
        gets = [f for f in self.stack.frames(self.external_id)[before:]
                if bytes.fromhex(f["detail"].get("data", f["detail"].get("hex", "")))[1] == 1]
        self.assertLessEqual(len(gets), len(paths) + 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
