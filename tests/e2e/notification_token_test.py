"""Bearer tokens on notifications: a SCEF that has one gets through, everybody else does not."""

import os
import tempfile
import unittest
import urllib.error
import urllib.request

from e2e import DOMAIN, StackTest
from stack import eventually

DEVICE = f"meter@{DOMAIN}"
TOKEN = "t8-notifications-of-operator-a"


def write(text):
    descriptor, name = tempfile.mkstemp(prefix="scef-e2e-")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return name


class NotificationTokens(StackTest):
    @classmethod
    def setUpClass(cls):
        cls.tokens = write(f"# operator a\n{TOKEN}\n")
        scef = write(f"notifications: {{bearer_token: {TOKEN}}}\n")
        cls.addClassCleanup(os.remove, cls.tokens)
        cls.addClassCleanup(os.remove, scef)
        cls.scef_arguments = (*StackTest.scef_arguments, "--config", scef)
        super().setUpClass()

    @classmethod
    def configure(cls):
        super().configure()
        cls.stack.canaries.add("notification token", TOKEN)
        name = cls.stack.config_file
        with open(name, encoding="utf-8") as file:
            config = file.read()
        with open(name, "w", encoding="utf-8") as file:
            file.write(config.replace("notifications: {",
                                      f"notifications: {{tokens_file: {cls.tokens}, "))

    def notify(self, **headers):
        """Without a token nobody learns whether there is such a path."""
        request = urllib.request.Request(
            f"http://{self.stack.notifications}/t8/v1/notifications/nobody", data=b"{}",
            method="POST", headers={"Content-Type": "application/json", **headers})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers
        except urllib.error.HTTPError as error:
            return error.code, error.headers

    def test_the_scef_with_the_token_gets_through(self):
        self.stack.provision(DEVICE, profile="always-on")
        self.stack.start_modems("--device", DEVICE)
        eventually("registered", lambda: "meter" in self.stack.clients())
        answer = self.stack.operate("meter", "read", path="/3/0/0")
        self.assertEqual(answer["status"], 200, answer)

    def test_everybody_else_is_401_and_who_guesses_has_to_wait(self):
        for _ in range(10):
            status, headers = self.notify()
            self.assertEqual((status, headers["WWW-Authenticate"]), (401, "Bearer"))
        statuses = [self.notify(Authorization=f"Bearer guess-{i}")[0] for i in range(6)]
        self.assertEqual(statuses, [401] * 5 + [429])
        self.assertEqual(self.notify(Authorization=f"Bearer {TOKEN}")[0], 404)


if __name__ == "__main__":
    unittest.main()
