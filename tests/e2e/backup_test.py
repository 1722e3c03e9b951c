"""A backup of the running adapter: messages that were acknowledged before it are there after a restore."""

import json
import os
import shutil
import subprocess
import unittest

from e2e import BIN, DOMAIN, StackTest
from stack import eventually

DEVICE = f"meter@{DOMAIN}"


class Backup(StackTest):
    @classmethod
    def configure(cls):
        cls.backups = os.path.join(cls.dir, "backups")
        super().configure()
        cls.stack.stores.append(os.path.join(cls.dir, "store.lost"))
        name = cls.stack.config_file
        with open(name, encoding="utf-8") as file:
            text = file.read()
        with open(name, "w", encoding="utf-8") as file:
            file.write(text.replace("store: {", "store: {backups_kept: 2, "))

    def ctl(self, *arguments):
        done = self.stack.ctl(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def enqueue(self, count):
        ids = []
        for _ in range(count):
            status, message = self.stack.adapter_call(
                "POST", f"/devices/{DEVICE}/messages", {"payload": "QAEAALEzATABMA=="})
            self.assertEqual(status, 201, message)
            ids.append(message["id"])
        return ids

    def open_messages(self):
        return {m["id"] for m in self.stack.adapter_call(
            "GET", f"/devices/{DEVICE}/messages?state=QUEUED")[1]["items"]}

    def restore(self, backup):
        return subprocess.run(
            [os.path.join(BIN, "scef-adapter"), "--config", self.stack.config_file, "--restore", backup],
            capture_output=True, text=True, check=False)

    def test_what_was_queued_before_the_backup_is_there_after_kill_and_restore(self):
        self.stack.provision(DEVICE)
        before = self.enqueue(20)
        backup = self.ctl("store", "backup").strip()
        self.assertEqual(os.path.dirname(backup), self.backups)
        self.assertEqual(os.stat(self.backups).st_mode & 0o777, 0o700)
        after = self.enqueue(20)
        self.assertEqual(self.open_messages(), {*before, *after})
        in_use = self.restore(backup)
        self.assertEqual(in_use.returncode, 1)
        self.assertIn("move it away", in_use.stderr)

        self.stack.adapter.kill()
        shutil.move(os.path.join(self.dir, "store"), os.path.join(self.dir, "store.lost"))
        restored = self.restore(backup)
        self.assertEqual(restored.returncode, 0, restored.stderr)
        self.assertRegex(restored.stdout, r"\d+ records are good\n$")
        self.stack.start_adapter()
        self.assertEqual(self.open_messages(), set(before))
        newest = json.loads(self.ctl("--json", "audit", "--limit", "1"))[0]
        self.assertEqual((newest["path"], json.loads(newest["change"])),
                         ("/api/v1/store/backups", {"path": backup}), "a backup has its own entry")

        # The restored store is a store: what is queued now goes, in the order of then.
        self.stack.start_modems("--device", DEVICE)
        states = lambda: {self.stack.adapter_call("GET", f"/messages/{i}")[1]["state"] for i in before}
        eventually("all went", lambda: states() == {"DELIVERED"}, 60)

        for _ in range(3):
            newest = self.ctl("store", "backup").strip()
        kept = self.ctl("store", "backups").split()
        self.assertEqual((len(kept), kept[-1]), (2, newest))
        self.assertEqual(sorted(os.listdir(self.backups)), [os.path.basename(name) for name in kept])


if __name__ == "__main__":
    unittest.main()
