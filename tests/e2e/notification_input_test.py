"""What a SCEF may send that it should not: each row of the notification endpoint, and links that
lead elsewhere. The SCEF here is a few lines of Python that say what the test wants said.
"""

import base64
import http.client
import http.server
import json
import socket
import threading
import unittest
import urllib.error
import urllib.request

from e2e import DOMAIN, StackTest, coap
from stack import eventually

DEVICE = f"victim@{DOMAIN}"
OTHER = f"other@{DOMAIN}"
DELIVERIES = "/downlink-data-deliveries"


class Canary:
    """Listens where links of the SCEF lead; nobody may ever come."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def visitors(self):
        try:
            self.socket.accept()[0].close()
            return 1
        except BlockingIOError:
            return 0


class StubScef:
    """Takes every configuration and delivery. All its links lead to the canary's host."""

    def __init__(self, canary):
        scef = self
        self.canary = canary
        self.lock = threading.Lock()
        self.calls = []
        self.destinations = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, location, answer = scef.answer(self.command, self.path, body)
                text = json.dumps(answer).encode() if answer is not None else b""
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                if text:
                    self.send_header("Content-Type", "application/json")
                if status != 204:
                    self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = handle_any

            def log_message(self, *_arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, method, path, body):
        with self.lock:
            self.calls.append((method, path))
            elsewhere = self.canary.url + path
            if method == "POST" and path.endswith("/configurations"):
                wanted = json.loads(body)
                identity = "c-" + wanted["externalId"].partition("@")[0]
                self.destinations[wanted["externalId"]] = wanted["notificationDestination"]
                link = f"{elsewhere}/{identity}"
                return 201, link, wanted | {"self": link, "status": "ACTIVE"}
            if method == "POST" and path.endswith(DELIVERIES):
                link = f"{elsewhere}/t-1"
                return 201, link, json.loads(body) | {"self": link, "deliveryStatus": "BUFFERING"}
            if method == "GET":
                return 200, None, []
            return (204, None, None) if method == "DELETE" else (200, None, {})

    def called(self, method, part):
        with self.lock:
            return [path for verb, path in self.calls if verb == method and part in path]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def data_of(octets):
    return base64.b64encode(octets).decode()


FRAME = data_of(coap(1, 0x45, 0x7001, b"\x77"))  # a NON answer to nothing
UPLINK = {"niddConfiguration": "/3gpp-nidd/v1/lwm2m-dm/configurations/c-victim",
          "externalId": DEVICE, "data": FRAME}
STATUS = {"niddDownlinkDataTransfer":
          "/3gpp-nidd/v1/lwm2m-dm/configurations/c-victim/downlink-data-deliveries/t-9",
          "deliveryStatus": "SUCCESS"}


class NotificationInputTest(StackTest):
    @classmethod
    def configure(cls):
        cls.canary = Canary()
        cls.stub = StubScef(cls.canary)
        cls.stack.scef_api_root = cls.stub.url
        super().configure()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.stub.stop()
        cls.canary.socket.close()

    def setUp(self):
        for device in (DEVICE, OTHER):
            self.stack.provision(device)
        self.destination = eventually("the configuration is made",
                                      lambda: self.stub.destinations.get(DEVICE))
        eventually("it is active", lambda: self.notify(UPLINK)[0] == 204)

    def notify(self, body, destination=None):
        text = body if isinstance(body, str) else json.dumps(body)
        request = urllib.request.Request(destination or self.destination, data=text.encode(),
                                         method="POST", headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def notify_from(self, source, body, destination):
        """The whole answer to a notification from this loopback address, but for its date."""
        host, _, path = destination.partition("://")[2].partition("/")
        connection = http.client.HTTPConnection(host, timeout=10, source_address=(source, 0))
        try:
            connection.request("POST", "/" + path, json.dumps(body),
                               {"Content-Type": "application/json"})
            answer = connection.getresponse()
            headers = [(name, value) for name, value in answer.getheaders() if name != "Date"]
            return answer.status, headers, answer.read()
        finally:
            connection.close()

    def metric(self, name):
        page = self.stack.metrics()
        return next(float(line.rpartition(" ")[2]) for line in page.splitlines()
                    if line.startswith("scef_adapter_" + name))

    def wrong_capabilities(self):
        """By what is wrong with each: form, shard, device, secret."""
        root, _, good = self.destination.rpartition("/")
        other = {"0": "1"}.get(good[-1], "0")
        return {"form": f"{root}/{good[:-1]}", "shard": f"{root}/7fff{good[4:]}",
                "device": f"{root}/{good[:4]}00ffffff{good[12:]}",
                "secret": f"{root}/{good[:-1]}{other}",
                "first octet": f"{root}/{good[:12]}{'0' if good[12] != '0' else '1'}{good[13:]}"}

    def assert_answers(self, status, body):
        answered, text = self.notify(body)
        self.assertEqual(answered, status, (body, text))
        self.assertNotIn("victim", text)

    def test_what_is_not_the_devices_is_404(self):
        for change in ({"externalId": OTHER}, {"externalId": f"nobody@{DOMAIN}"},
                       {"niddConfiguration": "/3gpp-nidd/v1/lwm2m-dm/configurations/c-other"},
                       {"niddConfiguration": "/3gpp-nidd/v1/lwm2m-dm/configurations/none"}):
            self.assert_answers(404, UPLINK | change)
            self.assert_answers(404, {"status": "TERMINATED", **{
                name: value for name, value in (UPLINK | change).items() if name != "data"}})
        # While a POST of the device is open, a status may belong to it and is kept; then no more.
        eventually("a status of nothing is 404", lambda: self.notify(STATUS)[0] == 404)
        others = eventually("the other's too", lambda: self.stub.destinations.get(OTHER))
        status = STATUS | {"niddDownlinkDataTransfer":
                           STATUS["niddDownlinkDataTransfer"].replace("c-victim", "c-other")}
        self.assertEqual(self.notify(status, others)[0], 404)

    def test_another_secret_is_404_and_nobody_elses_opens_the_door(self):
        wrong = self.destination[:-4] + ("aaaa" if self.destination[-4:] != "aaaa" else "bbbb")
        self.assertEqual(self.notify(UPLINK, wrong)[0], 404)
        others = eventually("the other's too", lambda: self.stub.destinations.get(OTHER))
        self.assertEqual(self.notify(UPLINK, others)[0], 404)

    def test_whatever_is_unknown_the_404_has_the_same_octets(self):
        eventually("a status of nothing is 404", lambda: self.notify(STATUS)[0] == 404)
        elsewhere = {"niddConfiguration": "/3gpp-nidd/v1/lwm2m-dm/configurations/c-other"}
        answers = {why: self.notify_from("127.0.0.21", UPLINK, wrong)
                   for why, wrong in self.wrong_capabilities().items()}
        for why, body in (("configuration", UPLINK | elsewhere), ("transfer", STATUS),
                          ("device's name", UPLINK | {"externalId": OTHER})):
            answers[why] = self.notify_from("127.0.0.21", body, self.destination)
        self.assertEqual(answers["secret"][0], 404)
        for why, answer in answers.items():
            self.assertEqual(answer, answers["secret"], why)

    def test_who_guesses_capabilities_is_told_to_wait_and_a_valid_one_is_never_refused(self):
        guess = self.wrong_capabilities()["secret"]
        before = self.metric('t8_notifications_unknown_total{reason="capability"}')
        throttled = self.metric("t8_notifications_throttled_total")
        answers = [self.notify_from("127.0.0.22", UPLINK, guess) for _ in range(8)]
        self.assertEqual([answer[0] for answer in answers], [404] * 5 + [429] * 3)
        for _, headers, _ in answers[5:]:
            self.assertIn(int(dict(headers)["Retry-After"]), range(1, 61))
        self.assertEqual(self.notify_from("127.0.0.22", UPLINK, self.destination)[0], 204)
        self.assertEqual(self.notify_from("127.0.0.23", UPLINK, guess)[0], 404)
        self.assertEqual(self.metric('t8_notifications_unknown_total{reason="capability"}') - before, 9)
        self.assertEqual(self.metric("t8_notifications_throttled_total") - throttled, 3)

    def test_many_spoofed_ids_in_a_minute_raise_one_alarm_and_harm_nobody(self):
        eventually("a status of nothing is 404", lambda: self.notify(STATUS)[0] == 404)
        counter = 't8_notifications_unknown_total{reason="transfer"}'
        before = self.metric(counter)
        for number in range(122):  # in one of two minutes more than 60
            spoofed = STATUS["niddDownlinkDataTransfer"] + str(number)
            self.assert_answers(404, STATUS | {"niddDownlinkDataTransfer": spoofed})
        self.assertEqual(self.metric(counter) - before, 122)
        with open(self.stack.adapter.log_file, encoding="utf-8") as log:
            alarms = [line for line in log if "NOTIFICATIONS_UNKNOWN" in line]
        self.assertIn(len(alarms), range(1, 4))  # one a minute; other tests may have had theirs
        self.assertRegex(alarms[0], r"warn.* NOTIFICATIONS_UNKNOWN capability=\d+ configuration=\d+ "
                                    r"transfer=\d+ throttled=\d+")
        self.assert_answers(204, UPLINK)

    def test_octets_that_are_no_coap_are_taken(self):
        for octets in (b"\x00", b"\xff" * 1358, b"\xc0\x01", b"\x40", b"\x4f\x01\x12\x34"):
            self.assert_answers(204, UPLINK | {"data": data_of(octets)})

    def test_a_repeated_uplink_is_taken(self):
        for _ in range(3):
            self.assert_answers(204, UPLINK)

    def test_a_body_that_is_not_well_formed_is_400(self):
        good = json.dumps(UPLINK)
        for text in ("", "{", "[]", "null", "[" * 60000, good + "x", "\ufeff" + good, "NaN",
                     good.replace("}", ', "data": "AA=="}'), good.replace("}", ', "x": 1e999}'),
                     good.replace("}", ', "x": "\\ud800"}'), good.replace("}", ', "x": "\\u0000"}'),
                     good.replace("}", "} // x"), '{"x":' * 17 + "1" + "}" * 17):
            self.assert_answers(400, text)
        self.assert_answers(413, "[" * 100000)

    def test_members_that_are_not_of_their_type_are_400(self):
        for change in ({"data": 1}, {"data": ""}, {"data": "QR=="}, {"data": "QQ"}, {"data": "QQ==="},
                       {"data": "Q Q="}, {"data": "_-8="}, {"data": " QQ=="}, {"msisdn": "491"},
                       {"externalId": 5}, {"externalId": "a@b\r\nX: y"}, {"externalId": "a\"@b"},
                       {"niddConfiguration": {}}, {"reliableDataService": 1}, {"rdsPort": 1},
                       {"rdsPort": {"portUE": -1, "portSCEF": 0}},
                       {"rdsPort": {"portUE": 1.5, "portSCEF": 0}},
                       {"rdsPort": {"portUE": 1e30, "portSCEF": 0}},
                       {"rdsPort": {"portUE": 2**63, "portSCEF": 0}},
                       {"subscription": "/x"}, {"status": "ACTIVE"}):
            self.assert_answers(400, UPLINK | change)
        for time in ("9999-99-99T00:00:00Z", "292277026597-01-01T00:00:00Z", "soon", 5):
            self.assert_answers(400, STATUS | {"requestedRetransmissionTime": time})

    def test_no_link_is_ever_followed(self):
        here = self.canary.url
        links = [here, here + "/", f"{here}/a/configurations/c-victim", f"//{here[7:]}/x",
                 here.replace("http:", "https:") + "/a/configurations/c-victim",
                 f"http://user@{here[7:]}/a/configurations/c-victim", "file:///etc/passwd",
                 f"http://[::ffff:127.0.0.1]:{here.rpartition(':')[2]}/a/configurations/c-victim",
                 f"{here}/a/configurations/%2e%2e", f"{here}/a/configurations/c-victim#x",
                 f"{here}/a/configurations/c-victim\r\nX: y", here + "/" + "a" * 10000]
        for link in links:
            for body in (UPLINK | {"niddConfiguration": link},
                         STATUS | {"niddDownlinkDataTransfer": link + DELIVERIES + "/t-1"},
                         {"subscription": link}, {"transaction": link, "result": "SUCCESS"},
                         {"subscription": link, "cancelInd": True}):
                self.assertLess(self.notify(body)[0], 500, link)
        read = coap(0, 1, 0x7101, b"\x01")
        status, message = self.stack.adapter_call(
            "POST", f"/devices/{DEVICE}/messages", {"payload": data_of(read), "ttl": "2s"})
        self.assertIn(status, (200, 201, 202), message)
        eventually("the copy at the SCEF is withdrawn or asked for at the SCEF itself",
                   lambda: self.stub.called("DELETE", DELIVERIES + "/t-1")
                   or self.stub.called("GET", DELIVERIES))
        self.assertEqual(self.canary.visitors(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
