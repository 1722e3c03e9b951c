"""The event feed of a running adapter: stream, pages, webhooks, the audit log, over a kill -9."""

import base64
import hashlib
import hmac
import http.server
import json
import queue
import subprocess
import threading
import unittest
import urllib.parse
import urllib.request

from e2e import DOMAIN, StackTest
from stack import eventually

METERS = [f"meter-{i}@{DOMAIN}" for i in range(6)]


class Stream:
    """A reader of server-sent events, as any client would be one."""

    def __init__(self, stack, query="", last_event_id=None):
        headers = {"Accept": "text/event-stream", **stack.authorization("read")}
        if last_event_id:
            headers["Last-Event-ID"] = last_event_id
        request = urllib.request.Request(f"{stack.api}/api/v1/events{query}", headers=headers)
        self.answer = urllib.request.urlopen(request, timeout=60)
        self.events = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        event = {}
        try:
            for line in self.answer:
                field, _, value = line.decode().rstrip("\n").partition(": ")
                if field:
                    event[field] = value
                    continue
                if "data" in event:
                    self.events.put((event["id"], event["event"], json.loads(event["data"])))
                event = {}
        except (OSError, ValueError):
            pass  # the adapter was killed
        self.events.put(None)

    def take(self, count):
        """That many events, or fewer if the stream ends."""
        found = []
        while len(found) < count:
            event = self.events.get(timeout=60)
            if event is None:
                break
            found.append(event)
        return found


class Receiver(http.server.ThreadingHTTPServer):
    """A webhook that keeps what it got, and answers with the statuses that it was given."""

    def __init__(self):
        self.requests = []
        self.statuses = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.statuses.pop(0) if receiver.statuses else 204
                receiver.requests.append((status, dict(self.headers.items()), body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/in"

    def told(self):
        return [event for status, _, body in list(self.requests) if status == 204
                for event in json.loads(body)["events"]]


class Events(StackTest):
    extra = "workers: 2\n"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for meter in METERS:
            cls.stack.provision(meter, profile="always-on", mode="opaque")
            eventually("configured", lambda one=meter: cls.stack.device(one)
                       ["niddConfiguration"]["status"] == "ACTIVE")

    def send(self, meter, **members):
        body = {"payload": "AQID", "contentFormat": "opaque", "ttl": "10m", **members}
        status, message = self.stack.adapter_call(
            "POST", "/devices/" + urllib.parse.quote(meter) + "/messages", body)
        self.assertEqual(status, 201, message)
        return message["id"]

    def cancel(self, meter):
        """Messages of devices that nobody attached wait, so that they can be canceled."""
        status, _ = self.stack.adapter_call(
            "DELETE", "/devices/" + urllib.parse.quote(meter) + "/messages")
        self.assertEqual(status, 200)

    def pause(self, meter):
        self.stack.adapter_call("POST", "/devices/" + urllib.parse.quote(meter) + ":pause")

    def make(self, count):
        """That many events of messages, over several shards."""
        made = []
        for i in range(count):
            meter = METERS[i % len(METERS)]
            self.pause(meter)
            made.append(self.send(meter))
            self.cancel(meter)
        return made

    def ctl(self, *arguments):
        done = self.stack.ctl(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_a_stream_goes_on_over_a_kill_without_a_gap(self):
        stream = Stream(self.stack, "?type=message")
        first = self.make(5)
        seen = stream.take(5)
        self.assertEqual([event["messageId"] for _, _, event in seen], first)
        self.assertEqual({kind for _, kind, _ in seen}, {"message"})
        self.assertEqual(seen[0][2]["state"], "CANCELED")
        last = seen[2][0]
        missed = self.make(4)
        self.stack.adapter.kill()
        self.stack.start_adapter()
        stream = Stream(self.stack, "?type=message", last_event_id=last)
        after = self.make(2)
        again = [event["messageId"] for _, _, event in stream.take(8)]
        self.assertEqual(again, first[3:] + missed + after)

    def test_a_webhook_is_told_all_in_order_and_can_check_who_tells(self):
        receiver = Receiver()
        self.addCleanup(receiver.server_close)
        self.addCleanup(receiver.shutdown)
        receiver.statuses = [204, 503]
        status, hook = self.stack.adapter_call("POST", "/webhooks", {
            "url": receiver.url, "types": ["message"]})
        self.assertEqual(status, 201, hook)
        self.stack.canaries.add("secret of a webhook", hook["secret"], stored=True)
        made = self.make(3)
        eventually("three told", lambda: len(receiver.told()) >= 3)
        self.stack.adapter.kill()
        self.stack.start_adapter()
        made += self.make(3)
        eventually("all told", lambda: {e["messageId"] for e in receiver.told()} == set(made))
        order = list(dict.fromkeys(event["messageId"] for event in receiver.told()))
        self.assertEqual(order, made)
        key = base64.b64decode(hook["secret"].removeprefix("whsec_"))
        for _, headers, body in receiver.requests:
            signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
            digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
            self.assertEqual(headers["webhook-signature"], f"v1,{digest}")
        listed = self.ctl("webhooks", "list")
        self.assertIn(receiver.url, listed)
        self.assertNotIn(hook["secret"], listed)
        self.ctl("webhooks", "remove", hook["id"])

    def test_ctl_shows_events_and_who_made_them(self):
        message, = self.make(1)
        shown = eventually("shown", lambda: [line for line in self.ctl(
            "events", "--since", "10m", "--device", METERS[0]).splitlines() if message in line])
        self.assertRegex(shown[0], rf"^\S+  {METERS[0]}  CANCELED, purged  after \d+\.\d s")
        lines = self.ctl("--json", "events", "--type", "message").splitlines()
        self.assertIn(message, {json.loads(line)["messageId"] for line in lines})
        self.assertIn("DELETE", self.ctl("audit"))
        entries = json.loads(self.ctl("--json", "audit", "--limit", "10"))
        self.assertIn(message, {entry["messageId"] for entry in entries})

    def test_ctl_follows_what_comes(self):
        program = subprocess.Popen(
            self.stack.ctl_command("--json", "events", "--follow", "--since", "1s", "--type", "message"),
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(program.stdout.close)
        self.addCleanup(program.wait)
        self.addCleanup(program.kill)
        made = self.make(3)
        seen = []
        while made[-1] not in seen:
            seen.append(json.loads(program.stdout.readline())["messageId"])
        self.assertEqual(seen[-3:], made)

    def test_octets_of_a_device_and_its_configuration_are_told(self):
        meter = f"new@{DOMAIN}"
        stream = Stream(self.stack, f"?externalId={urllib.parse.quote(meter)}")
        self.stack.provision(meter, profile="always-on", mode="opaque")
        (_, kind, event), = stream.take(1)
        self.assertEqual((kind, event["status"]), ("configuration", "ACTIVE"))
        self.assertEqual(event["externalId"], meter)


if __name__ == "__main__":
    unittest.main(verbosity=2)
