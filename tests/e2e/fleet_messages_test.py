"""Messages to many devices of a running adapter: batches, groups and dead letters, by the tool and over kills."""

import json
import os
import subprocess
import unittest

from e2e import BIN, DOMAIN, StackTest
from stack import call, eventually

READ = "QAEAALEzATABMA=="  # GET /3/0/0


class Fleet(StackTest):
    extra = "workers: 2\n"

    def ctl(self, *arguments, status=0, text=False):
        """The tool's answer: its JSON, or its text."""
        done = self.stack.ctl(*([] if text else ["--json"]), *arguments)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout + done.stderr if text else json.loads(done.stdout or "null")

    def fleet(self, name, count, **fields):
        devices = [f"{name}{i:04}@{DOMAIN}" for i in range(count)]
        file = os.path.join(self.dir, name + ".jsonl")
        with open(file, "w", encoding="utf-8") as lines:
            for one in devices:
                lines.write(json.dumps({"externalId": one, **fields}) + "\n")
        self.assertEqual(self.ctl("devices", "import", file)["created"], count)
        return devices

    def messages(self, external_id):
        return self.ctl("messages", "list", external_id)

    def kill_adapter(self):
        self.stack.adapter.kill()
        self.stack.start_adapter()

    def test_a_batch_file_goes_once_however_often_it_is_sent(self):
        devices = self.fleet("batch", 30)
        file = os.path.join(self.dir, "commands.csv")
        with open(file, "w", encoding="utf-8") as lines:
            lines.write("externalId,coap,ttl\n")
            for one in devices:
                for value in range(40):
                    lines.write(f"{one},PUT /1/0/1 {value},24h\n")
        sent = self.ctl("messages", "send", "--batch", file)
        self.assertEqual((sent["created"], sent["failed"]), (1200, 0))
        self.kill_adapter()
        again = self.ctl("messages", "send", "--batch", file)
        self.assertEqual((again["created"], again["unchanged"]), (0, 1200))
        anew = self.ctl("messages", "send", "--batch", file, "--batch-id", "second", status=1)
        self.assertEqual((anew["created"], anew["failed"]), (300, 900), "queues of 50")
        self.assertIn("queue", anew["failures"][0]["sentence"])
        order = [m["request"] for m in self.messages(devices[7])]
        self.assertEqual(order, ["PUT /1/0/1"] * 50)
        with open(file, "a", encoding="utf-8") as lines:
            lines.write("no id,PUT /1\n")
        self.assertEqual(self.ctl("messages", "send", "--batch", file, status=1)["mistakes"][0]["line"],
                         1202)

    def test_a_message_to_a_group_is_fanned_out_once_over_kills(self):
        devices = self.fleet("group", 600, groups=["valley"])
        self.assertEqual(self.ctl("groups", "show", "valley")["members"], 600)
        job = self.ctl("groups", "send", "valley", "--coap", "PUT /1/0/1 300", "--ttl", "24h",
                       "--per-second", "0.1", "--jitter", "5s")
        self.kill_adapter()

        def results():
            return self.ctl("groups", "results", "valley", job["id"])

        eventually("fanned out", lambda: results()["fanOut"] == "done")
        self.kill_adapter()
        found = results()
        self.assertEqual(found["counts"], {"QUEUED": 600})
        self.assertEqual({item["externalId"] for item in found["items"]}, set(devices))
        self.assertEqual(len({item["id"] for item in found["items"]}), 600)
        turns = sorted(item["notBefore"] for item in found["items"])
        self.assertGreater(turns[-1][:16], turns[0][:16], "an hour and a half lies between them")
        for one in devices[::100]:
            mine = self.messages(one)
            self.assertEqual([m["groupMessage"] for m in mine], [job["id"]])
        members = self.ctl("messages", "find", job["id"], "--limit", "30")
        self.assertEqual({m["groupMessage"] for m in members}, {job["id"]})
        self.assertEqual(len(members), 30)
        begun = self.ctl("messages", "timeline", members[0]["id"])["items"][0]
        self.assertIn(job["id"], begun["detail"])
        audited = [e for e in self.ctl("audit", "--limit", "50") if e["messageId"] == job["id"]]
        self.assertEqual([e["path"] for e in audited], ["/api/v1/groups/valley/messages"],
                         "one entry for all members")
        self.assertEqual(self.ctl("messages", "list", "--all", "--state", "QUEUED", "--limit", "601")
                         .__class__, list)
        text = self.ctl("groups", "results", "valley", job["id"], "--limit", "3", text=True)
        self.assertIn("600 QUEUED", text)
        kept = self.ctl("groups", "set", "valley", devices[0], f"nobody@{DOMAIN}", status=1)
        self.assertEqual(kept["members"], 1)
        self.assertEqual(self.ctl("groups", "delete", "valley"), None)
        self.ctl("groups", "show", "valley", status=1)

    def test_a_message_to_a_group_is_canceled_once_and_for_all_over_kills(self):
        devices = self.fleet("undone", 600, groups=["hill"])
        job = self.ctl("groups", "send", "hill", "--coap", "PUT /1/0/1 300", "--ttl", "24h",
                       "--per-second", "0.1")
        told = self.ctl("groups", "cancel", "hill", job["id"])
        self.assertEqual((told["id"], told["fanOut"]), (job["id"], "canceling"))
        self.kill_adapter()
        results = lambda: self.ctl("groups", "results", "hill", job["id"])
        eventually("canceled", lambda: results()["fanOut"] == "canceled")
        self.kill_adapter()
        found = results()
        self.assertEqual(found["counts"], {"CANCELED": 600})
        self.assertEqual({item["externalId"] for item in found["items"]}, set(devices))
        newest = self.ctl("audit", "--limit", "1")[0]
        self.assertEqual((newest["method"], newest["messageId"]), ("DELETE", job["id"]))

    def test_what_died_is_found_and_sent_again_after_a_kill(self):
        [external_id] = self.fleet("dead", 1, profile="always-on")
        eventually("configured", lambda: self.stack.device(external_id)["niddConfiguration"]
                   ["status"] == "ACTIVE")
        call("PATCH", f"{self.stack.scef_control}/ues/{external_id}",
             {"state": "detached", "buffer": {"enabled": False}})
        sent = self.ctl("messages", "send", external_id, "--coap", "PUT /3303/0/5601 21",
                        "--max-attempts", "1", "--correlation-id", "order-4711")
        eventually("it is dead", lambda: self.ctl("messages", "show", sent["id"])["state"] == "DEAD")
        self.kill_adapter()
        [letter] = self.ctl("deadletters", "list", "--device", external_id)
        self.assertEqual((letter["id"], letter["request"]), (sent["id"], "PUT /3303/0/5601"))
        self.assertTrue(letter["detail"])

        found = self.ctl("messages", "find", "order-47")
        self.assertEqual([m["id"] for m in found], [sent["id"]])
        self.ctl("messages", "find", "no such thing", status=1)
        story = self.ctl("messages", "find", sent["id"], text=True)
        for piece in ("all attempts failed", f"deadletters replay {sent['id']}", "ago)", "+"):
            self.assertIn(piece, story)
        self.assertIn(sent["id"], self.ctl("devices", "show", external_id, text=True))
        self.assertIn("all attempts failed", self.ctl("messages", "timeline", sent["id"], text=True))

        call("PATCH", f"{self.stack.scef_control}/ues/{external_id}", {"buffer": {"enabled": True}})
        [replayed] = self.ctl("deadletters", "replay", "--device", external_id, "--ttl", "1h")
        self.kill_adapter()
        again = self.ctl("messages", "show", replayed["replayedAs"])
        self.assertEqual((again["replayOf"], again["correlationId"]), (sent["id"], "order-4711"))
        repeated = self.ctl("deadletters", "replay", sent["id"])
        self.assertEqual(repeated[0]["replayedAs"], replayed["replayedAs"])
        self.assertEqual(self.ctl("deadletters", "replay", "--all"), [])


class Tool(StackTest):
    """Every command of scef-adapterctl."""

    def run_tool(self, *arguments):
        return self.stack.ctl(*arguments)

    def offered(self, *words):
        """What bash completes, after the last word, which is being typed."""
        line = " ".join(f"'{word}'" for word in words)
        script = (f"source <('{os.path.join(BIN, 'scef-adapterctl')}' completion bash)\n"
                  f"COMP_WORDS=(scef-adapterctl {line})\nCOMP_CWORD={len(words)}\n"
                  "_scef_adapterctl\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n")
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=30,
                              check=True)
        return set(done.stdout.split())

    def commands(self, *path):
        """Every command that does something, as the words that lead to it."""
        subs = {word for word in self.offered(*path, "") if not word.startswith("-")}
        if path and path[0] == "completion" or not subs or path[-1:] and self.is_leaf(*path):
            yield path
            return
        for sub in sorted(subs):
            yield from self.commands(*path, sub)

    def is_leaf(self, *path):
        return "Subcommands:" not in self.run_tool(*path, "--help").stdout

    def test_bash_completes_commands_and_options(self):
        self.assertLessEqual({"devices", "messages", "groups", "deadletters", "quota", "doctor",
                              "completion"}, self.offered(""))
        self.assertEqual(self.offered("deadl"), {"deadletters"})
        self.assertLessEqual({"send", "list", "find", "timeline"}, self.offered("messages", ""))
        self.assertLessEqual({"--coap", "--batch", "--ttl", "--json"},
                             self.offered("messages", "send", "--"))
        self.assertEqual(self.offered("groups", "send", "north", "--per"), {"--per-second"})

    def test_every_command_answers_json_that_parses(self):
        device, batch = f"tool@{DOMAIN}", os.path.join(self.dir, "tool.csv")
        with open(batch, "w", encoding="utf-8") as file:
            file.write(f"externalId,coap\n{device},GET /3\n")
        fleet = os.path.join(self.dir, "fleet.csv")
        with open(fleet, "w", encoding="utf-8") as file:
            file.write(f"externalId\n{device}\nspare@{DOMAIN}\n")
        more = os.path.join(self.dir, "more.csv")
        with open(more, "w", encoding="utf-8") as file:
            file.write(f"externalId\nmore@{DOMAIN}\n")

        def answer(*arguments):
            done = self.run_tool("--json", *arguments)
            self.assertEqual(done.returncode, 0, (arguments, done.stdout, done.stderr))
            return json.loads(done.stdout) if done.stdout else None

        answer("devices", "import", fleet)
        answer("devices", "pause", device)
        message = answer("messages", "send", device, "--coap", "GET /3/0/0")["id"]
        answer("groups", "set", "tools", device)
        job = answer("groups", "send", "tools", "--coap", "GET /3/0/1")["id"]
        tried = {
            "devices import": [more], "devices list": [], "devices show": [device],
            "devices add": [f"added@{DOMAIN}"], "devices pause": [device], "devices wake": [device],
            "devices trace": [device], "store backup": [], "store backups": [], "scefs list": [],
            "messages cancel": [answer("messages", "send", device, "--coap", "GET /1")["id"]],
            "messages send": ["--batch", batch], "messages replace": [device, "--coap", "GET /3/0/2"],
            "messages dry-run": [device, "--coap", "GET /3"], "messages list": ["--all"],
            "messages show": [message], "messages timeline": [message], "messages find": [device],
            "messages purge": [device], "deadletters list": [], "deadletters show": [message],
            "deadletters replay": ["--all"], "groups show": ["tools"], "groups set": ["tools", device],
            "groups send": ["tools", "--coap", "GET /3/0/3"], "groups results": ["tools", job],
            "groups cancel": ["tools", job], "groups delete": ["tools"], "quota show": ["account"],
            "quota set": ["device:" + device, "--default"], "devices resume": [device],
            "devices remove": [f"spare@{DOMAIN}"],
            "doctor": ["--scef", "operator-a", "--device", f"probe@{DOMAIN}"],
        }
        for command, arguments in tried.items():
            with self.subTest(command):
                done = self.run_tool("--json", *command.split(), *arguments)
                if command != "doctor":  # its status is the SCEF's
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                if done.stdout:
                    json.loads(done.stdout)
        other = {"completion", "devices capture", "quota usage"}  # a script, a file, CSV
        there_are = {" ".join(words) for words in self.commands()}
        untried = {c for c in there_are - set(tried) - other if not c.startswith(("events", "webhooks",
                                                                                 "audit"))}
        self.assertEqual(untried, set())


if __name__ == "__main__":
    unittest.main(verbosity=2)
