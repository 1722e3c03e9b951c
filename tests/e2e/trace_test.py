"""The trace of one device in the log: what it did, and nothing of the others."""

import re
import unittest

from e2e import DOMAIN, StackTest
from stack import eventually

TRACED, OTHER = f"traced@{DOMAIN}", f"other@{DOMAIN}"


class Trace(StackTest):
    def ctl(self, *arguments):
        done = self.stack.ctl("devices", "trace", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def events(self):
        with open(self.stack.adapter.log_file, encoding="utf-8") as file:
            lines = [line for line in file if " DEVICE_TRACE " in line]
        for line in lines:
            self.assertIn(f" device={TRACED} ", line)
        return [re.search(r" event=(\w+)", line).group(1) for line in lines], "".join(lines)

    def test_a_read_is_told_from_the_servers_datagram_to_its_answer(self):
        for device in (TRACED, OTHER):
            self.stack.provision(device, profile="always-on")
        self.stack.start_modems("--device", TRACED, "--device", OTHER)
        eventually("both are registered", lambda: {"traced", "other"} <= set(self.stack.clients()))
        self.assertIn("DEVICE_TRACE", self.ctl(TRACED, "--duration", "1h"))
        for name in ("other", "traced"):
            answer = self.stack.operate(name, "read", path="/3/0/0")
            self.assertEqual(answer["code"], "2.05", answer)
        eventually("the message is over", lambda: "state=DELIVERED" in self.events()[1])
        events, text = self.events()
        self.assertEqual(events[:2], ["started", "state"])
        order = [events.index(event) for event in
                 ("from_server", "t8_call", "t8_answer", "notification", "to_server")]
        self.assertEqual(order, sorted(order), events)
        self.assertRegex(text, r'event=t8_call call=\d+ operation=create_delivery octets=\d+ '
                               r'frame="CON GET /3/0/0 mid=\d+ token=[0-9a-f]+')
        self.assertNotIn("/t8/v1/notifications", text)
        self.assertNotIn(str(answer.get("value") or answer["payload"]), text)

        self.assertIn("no longer", self.ctl(TRACED, "--off"))
        eventually("it has ended", lambda: self.events()[0][-1] == "ended")
        count = len(self.events()[0])
        self.stack.operate("traced", "read", path="/3/0/1")
        self.assertEqual(len(self.events()[0]), count)


if __name__ == "__main__":
    unittest.main()
