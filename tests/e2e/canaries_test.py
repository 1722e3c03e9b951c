"""The search for secrets finds them: in every form, in every file, and the test of the stack fails."""

import base64
import os
import shutil
import subprocess
import tempfile
import unittest

import stack
from canaries import Canaries
from e2e import StackTest

CAPABILITY = "000100000002" + "0123456789abcdef" * 2
DESTINATION = f"http://127.0.0.1:8080/t8/v1/notifications/{CAPABILITY}"


class Search(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="scef-e2e-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.canaries = Canaries()
        self.secret = self.canaries.make("admin token")

    def write(self, name, content):
        file = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "wb") as out:
            out.write(content)
        return file

    def leaks(self):
        return self.canaries.leaks_in_folder(self.folder, [os.path.join(self.folder, "store")])

    def test_a_secret_is_named_with_file_and_line_and_never_shown(self):
        file = self.write("deep/adapter.log", b"fine\nAuthorization: Bearer " + self.secret.encode() + b"\n")
        self.assertEqual(self.leaks(), [f"{file}, line 2: admin token"])

    def test_a_secret_is_found_as_digits_and_in_base64_wherever_it_begins(self):
        secret = self.secret.encode()
        for text in (secret.hex().encode(), *(base64.b64encode(b"x" * n + secret + b"y" * m)
                                              for n in range(4) for m in range(4))):
            self.assertEqual(self.canaries.leaks("text", b"-> " + text), ["text, line 1: admin token"], text)

    def test_two_secrets_of_the_same_kind_differ(self):
        other = Canaries().make("admin token")
        self.assertNotEqual(other, self.secret)
        self.assertEqual(self.canaries.leaks("text", other), [])

    def test_a_file_that_is_there_to_hold_secrets_may(self):
        self.canaries.write(os.path.join(self.folder, "tokens"), "admin:" + self.secret)
        self.assertEqual(self.leaks(), [])

    def test_the_store_may_hold_what_must_be_stored_and_nothing_else(self):
        self.canaries.add("webhook", b"webhook-secret", stored=True)
        self.canaries.learn_capabilities(DESTINATION)
        self.write("store/000004.log", b"webhook-secret " + CAPABILITY.encode())
        self.assertEqual(self.leaks(), [])
        self.write("store/LOG", self.secret.encode())
        self.write("adapter.log", b"webhook-secret\n" + CAPABILITY.encode())
        self.assertEqual([leak.rpartition("/")[2] for leak in self.leaks()], [
            "adapter.log, line 1: webhook",
            "adapter.log, line 2: capability of a notification destination",
            "LOG, line 1: admin token"])

    def test_the_random_part_of_a_capability_is_enough(self):
        self.canaries.learn_capabilities(DESTINATION)
        found = ["text, line 1: capability of a notification destination"]
        for text in (CAPABILITY[12:], "ff" + CAPABILITY[12:] + "ff", DESTINATION):
            self.assertEqual(self.canaries.leaks("text", text), found, text)
        self.assertEqual(self.canaries.leaks("text", CAPABILITY[:40]), [])

    def test_a_line_of_a_private_key_is_enough(self):
        key = os.path.join(self.folder, "a.key")
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        self.canaries.add_key("key", key)
        self.assertEqual(self.leaks(), [])
        with open(key, encoding="ascii") as file:
            line = file.read().split("\n")[3]
        self.assertEqual(self.canaries.leaks("text", line), ["text, line 1: key"])

    def test_what_is_printed_has_no_secrets(self):
        self.assertEqual(self.canaries.hidden(f"a {self.secret} b"), f"a {'*' * len(self.secret)} b")


class TheStack(unittest.TestCase):
    def test_a_test_whose_programs_wrote_a_secret_fails_and_does_not_show_it(self):
        class Leaky(StackTest):
            pass

        Leaky.dir = tempfile.mkdtemp(prefix="scef-e2e-")
        self.addCleanup(shutil.rmtree, Leaky.dir)
        Leaky.stack = stack.Stack("/nowhere", Leaky.dir)
        Leaky.stack.write_tokens()
        token = Leaky.stack.tokens["send"]
        with open(os.path.join(Leaky.dir, "scef-adapter.log"), "w", encoding="utf-8") as log:
            log.write(f"\n\nREQUEST authorization={token}\n")
        with self.assertRaises(AssertionError) as failed:
            Leaky.tearDownClass()
        self.assertIn("scef-adapter.log, line 3: send token", str(failed.exception))
        self.assertNotIn(token, str(failed.exception))


if __name__ == "__main__":
    unittest.main(verbosity=2)
