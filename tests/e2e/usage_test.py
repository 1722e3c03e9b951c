"""What an operator bills: the usage export against the frames that the network itself counted."""

import csv
import io
import unittest
import urllib.parse

from e2e import DOMAIN, StackTest
from stack import eventually


class Usage(StackTest):
    extra = "profiles: {nb-iot: {reachability: always}}\n"

    def setUp(self):
        self.external_id = f"meter@{DOMAIN}"
        self.stack.provision(self.external_id)
        self.stack.start_modems("--device", self.external_id)
        eventually("registered", lambda: "meter" in self.stack.clients())

    def run_tool(self, *arguments):
        done = self.stack.ctl(*arguments)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def usage(self, scope, *arguments):
        text = self.run_tool("quota", "usage", scope, *arguments)
        return list(csv.DictReader(io.StringIO(text)))

    def octets_in_network(self, kind):
        frames = self.stack.frames(self.external_id, kind)
        return [len(f["detail"].get("data", f["detail"].get("hex", ""))) // 2 for f in frames]

    def judge(self):
        """As many rows as frames, octet for octet, also in the sums."""
        scope = "device:" + self.external_id
        sums = {row["direction"]: row for row in self.usage(scope, "--summary")}
        for direction in ("downlink", "uplink"):
            rows = [r for r in self.usage(scope) if r["direction"] == direction]
            seen = self.octets_in_network(direction)
            self.assertEqual([int(r["octetsOnAir"]) for r in rows], seen, direction)
            self.assertEqual(int(sums[direction]["messages"]), len(seen))
            self.assertEqual(int(sums[direction]["octetsOnAir"]), sum(seen))

    def test_each_frame_is_a_row_that_reconciles_to_a_timeline_also_after_a_kill(self):
        self.run_tool("messages", "send", self.external_id, "--coap", "GET /3/0/0", "--wait")
        self.judge()
        self.stack.adapter.kill()
        self.stack.start_adapter()
        self.run_tool("messages", "send", self.external_id, "--coap", "GET /3/0/1", "--wait")
        self.judge()
        downlinks = [r for r in self.usage("account") if r["direction"] == "downlink"]
        self.assertGreaterEqual(len(downlinks), 3)  # the answer to the Register, two Reads
        for row in downlinks:
            items = self.stack.adapter_call("GET", f"/messages/{row['messageId']}/timeline")[1]
            moments = [(i["at"], str(i["attempt"])) for i in items["items"]
                       if i["state"] == "SENDING"]
            self.assertIn((row["time"], row["attempt"]), moments)

        self.stack.adapter_call("DELETE", "/devices/" + urllib.parse.quote(self.external_id))
        self.assertGreaterEqual(len(self.usage("device:" + self.external_id)), 6)


if __name__ == "__main__":
    unittest.main(verbosity=2)
