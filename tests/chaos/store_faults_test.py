"""Faults of the disk: rows F4, F6, F8 and F9 of the catalogue of faults."""

import os
import random
import shutil
import signal
import subprocess
import unittest

import ports
from e2e import BIN, DOMAIN, StackTest
from stack import Failure, eventually

READ = "QAEAALEzATABMA=="
STRACE = shutil.which("strace")


def strace_works():
    return bool(STRACE) and subprocess.run([STRACE, "-o", os.devnull, "true"], check=False,
                                           capture_output=True).returncode == 0


class StoreFaults(StackTest):
    """The SCEF is not there: messages are accepted and wait."""

    extra = "profiles: {nb-iot: {reachability: {psm: {active_timer: 3s, period: 24h}}}}\n"

    def setUp(self):
        self.device = f"{self._testMethodName.split('_')[1].lower()}@{DOMAIN}"
        self.stack.provision(self.device)

    def tearDown(self):
        if not self.stack.adapter.is_running():
            self.stack.start_adapter()

    def send(self):
        """Asks to enqueue a message: its id if it was acknowledged, else None."""
        try:
            status, message = self.stack.adapter_call(
                "POST", f"/devices/{self.device}/messages", {"payload": READ})
        except OSError:
            return None
        return message["id"] if status == 201 else None

    def queued(self):
        return {message["id"] for message in self.stack.adapter_call(
            "GET", f"/devices/{self.device}/messages?limit=1000")[1]["items"]}

    def ended(self):
        """The exit status of the adapter, which ends by itself."""
        process = self.stack.adapter.process
        eventually("the adapter has ended", lambda: process.poll() is not None, 60)
        process.stdout.close()
        return process.returncode

    def inject(self, *expressions, files=()):
        """Attaches strace to the adapter, with faults for its system calls (on these files)."""
        words = [word for expression in expressions for word in ("-e", expression)]
        tracer = subprocess.Popen(
            [STRACE, "-f", "-qq", "-o", os.path.join(self.dir, "strace.log"), *files, *words, "-p",
             str(self.stack.adapter.process.pid)], stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.detach, tracer)
        tasks = f"/proc/{self.stack.adapter.process.pid}/task"

        def traced():
            if tracer.poll() is not None:
                raise Failure(f"strace has ended: {tracer.stderr.read()}")
            for task in os.listdir(tasks):
                with open(f"{tasks}/{task}/status", encoding="utf-8") as file:
                    if "TracerPid:\t0\n" in file.read():
                        return False
            return True
        eventually("every thread is traced", traced)

    def detach(self, tracer):
        if tracer.poll() is None:
            tracer.send_signal(signal.SIGINT)
        tracer.wait(30)
        tracer.stderr.close()

    @unittest.skipUnless(strace_works(), "strace cannot trace here")
    def test_F4_an_error_of_a_sync_ends_the_process_and_nothing_was_acknowledged_after_it(self):
        before = {self.send() for _ in range(5)}
        self.assertNotIn(None, before)
        self.inject("trace=fdatasync,fsync", "inject=fdatasync,fsync:error=EIO:when=1+")
        self.assertIsNone(self.send())
        self.assertEqual(self.ended(), 1)
        self.assertIn("STORE_FAILED", self.stack.adapter.log_tail(50))
        self.stack.start_adapter()
        self.assertLessEqual(before, self.queued())
        self.assertIsNotNone(self.send())

    @unittest.skipUnless(strace_works(), "strace cannot trace here")
    def test_F6_a_full_disk_ends_the_process_and_with_room_all_that_was_acknowledged_is_there(self):
        acknowledged = {self.send() for _ in range(5)}
        self.assertNotIn(None, acknowledged)
        store = os.path.join(self.dir, "store")
        files = [word for name in os.listdir(store) for word in ("-P", os.path.join(store, name))]
        self.inject("trace=write,pwrite64,fallocate",
                    "inject=write,pwrite64,fallocate:error=ENOSPC:when=1+", files=files)
        self.assertIsNone(self.send())
        self.assertEqual(self.ended(), 1)
        self.assertIn("STORE_FAILED", self.stack.adapter.log_tail(50))
        self.stack.start_adapter()
        self.assertLessEqual(acknowledged, self.queued())
        self.assertIsNotNone(self.send())

    def test_F9_a_second_instance_on_the_same_store_is_refused(self):
        with open(self.stack.config_file, encoding="utf-8") as file:
            text = file.read()
        for own in (self.stack.admin, self.stack.notifications):
            text = text.replace(own, f"127.0.0.1:{ports.one()}")
        base = text.split("port: ")[-1].split("}")[0]
        second = os.path.join(self.dir, "second.yaml")
        with open(second, "w", encoding="utf-8") as file:
            file.write(text.replace(f"port: {base}", f"port: {ports.in_a_row(self.stack.shards)}"))
        done = subprocess.run([os.path.join(BIN, "scef-adapter"), "--config", second],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(os.path.join(self.dir, "store"), done.stderr)
        self.assertIsNotNone(self.send())

    def test_F8_a_flipped_bit_is_noticed_or_harmless_and_nothing_is_missing_without_a_word(self):
        seed = random.randrange(1 << 30)
        print(f"seed {seed}")
        chance = random.Random(seed)
        sent = {self.send() for _ in range(20)}
        store, good = os.path.join(self.dir, "store"), os.path.join(self.dir, "store.good")
        self.stack.stores.append(good)
        self.assertEqual(self.stack.adapter.stop(), 0)
        shutil.copytree(store, good)
        told = set()
        for _ in range(8):
            shutil.rmtree(store)
            shutil.copytree(good, store)
            name = self.flip_a_bit(store, chance)
            told.add(self.told_of(name, sent))
        print(f"{sorted(told)}")
        shutil.rmtree(store)
        shutil.copytree(good, store)
        self.stack.start_adapter()
        self.assertEqual(self.queued(), sent)

    def flip_a_bit(self, store, chance):
        """In a file with records, each as likely as it is large; its name and place."""
        names = [name for name in os.listdir(store) if name.endswith((".sst", ".log"))]
        sizes = [os.path.getsize(os.path.join(store, name)) for name in names]
        name, = chance.choices(names, sizes)
        with open(os.path.join(store, name), "r+b") as file:
            place = chance.randrange(os.path.getsize(file.name))
            file.seek(place)
            octet = file.read(1)[0]
            file.seek(place)
            file.write(bytes([octet ^ 1 << chance.randrange(8)]))
        return f"{name}:{place}"

    def told_of(self, name, sent):
        """Starts the adapter: how the flipped bit came out."""
        try:
            self.stack.start_adapter()
        except Failure:
            self.assertEqual(self.ended(), 1, name)
            words = self.stack.adapter.log_tail(3)
            self.assertRegex(words, "(?i)corrupt|damaged", name)
            return "refused"
        missing = sent - self.queued()
        quarantined = "QUARANTINE" in self.stack.adapter.log_tail(50)
        self.assertEqual(self.stack.adapter.stop(), 0)
        self.assertTrue(not missing or quarantined, f"{name}: {len(missing)} are missing without a word")
        return "quarantined" if quarantined else "harmless"


if __name__ == "__main__":
    unittest.main(verbosity=2)
