"""scef-simulator alone, as somebody uses it by hand: curl, a configuration file, a modem-simulator."""

import http.server
import json
import os
import re
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from e2e import BIN, make_certificates

UE = "meter-1@iot.example"
TRIGGER = "UQ=="


def coap_execute(*segments):
    octets, delta = b"\x50\x02\x12\x34", 11
    for segment in segments:
        octets += bytes([delta << 4 | len(segment)]) + segment.encode()
        delta = 0
    return octets


class Sink:
    """An SCS/AS that keeps what it is told; with certificate and key over HTTPS."""

    def __init__(self, certificate=None, key=None, client_ca=None):
        self.received, self.headers = [], []
        sink = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.headers.append(dict(self.headers))
                sink.received.append(body.decode())
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        scheme = "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            context.load_verify_locations(client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
            scheme = "https"
        self.url = f"{scheme}://127.0.0.1:{self.server.server_address[1]}/cb"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait_for(self, fits, seconds=10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for text in list(self.received):
                try:
                    body = json.loads(text)
                except ValueError:
                    body = {"garbage": text}
                if fits(body):
                    return body
            time.sleep(0.02)
        raise AssertionError(f"not among {self.received}")

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def curl(*arguments):
    """Status, headers and body as curl sees them; status 0 and its exit code without an answer."""
    done = subprocess.run(["curl", "-s", "-S", "-i", "--max-time", "20", *arguments],
                          capture_output=True, text=True, timeout=30, check=False)
    head, _, body = done.stdout.partition("\n\n" if "\r\n" not in done.stdout else "\r\n\r\n")
    status = re.match(r"HTTP/1.1 (\d+)", head)
    return int(status.group(1)) if status else 0, head, body, done.returncode


class Program:
    def __init__(self, *arguments, ready="listening"):
        self.process = subprocess.Popen([os.path.join(BIN, arguments[0]), *arguments[1:]],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        text=True)
        self.line = self.process.stdout.readline()
        assert self.line.startswith(ready), self.line

    def address(self, name):
        return re.search(name + r"=(\S+)", self.line).group(1)

    def stop(self):
        self.process.terminate()
        self.process.stdout.close()
        return self.process.wait(20)


class ScefSimulator(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = folder.name
        self.sink = Sink()
        self.addCleanup(self.sink.close)

    def path(self, name):
        return os.path.join(self.dir, name)

    def start(self, *arguments, config=None, scheme="http"):
        if config is not None:
            with open(self.path("scef.yaml"), "w", encoding="utf-8") as file:
                file.write(config)
            arguments = ("--config", self.path("scef.yaml"), *arguments)
        program = Program("scef-simulator", "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0",
                          "--modem-listen", "127.0.0.1:0", *arguments)
        self.addCleanup(lambda: self.assertEqual(program.stop(), 0))
        self.t8 = f"{scheme}://{program.address('t8')}"
        self.control = f"http://{program.address('control')}"
        self.modem = program.address("modem")
        self.nidd = self.t8 + "/3gpp-nidd/v1/dm/configurations"
        self.triggers = self.t8 + "/3gpp-device-triggering/v1/dm/transactions"
        self.events = self.t8 + "/3gpp-monitoring-event/v1/dm/subscriptions"

    def send(self, method, url, body=None, *extra, expect=None, kind="application/json"):
        command = ["-X", method, url, *extra]
        if body is not None:
            command += ["-H", f"Content-Type: {kind}", "--data-binary", json.dumps(body)]
        status, head, text, _ = curl(*command)
        if expect is not None:
            self.assertEqual(status, expect, text)
        return json.loads(text) if text.startswith(("{", "[")) else head

    def device(self, state="psm"):
        modem = Program("modem-simulator", "--scef", self.modem, "--device", UE, "--state", state,
                        "--no-register", "--api", "127.0.0.1:0")
        self.addCleanup(modem.stop)
        api = f"http://{modem.address('api')}/devices/{UE}"
        self.until(lambda: self.send("GET", api)["attached"])
        return api

    def until(self, is_so, seconds=10):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if is_so():
                return
            time.sleep(0.05)
        self.fail("it did not become so")

    def configure(self):
        return self.send("POST", self.nidd,
                         {"externalId": UE, "notificationDestination": self.sink.url}, expect=201)

    def trigger(self, **changes):
        return {"externalId": UE, "validityPeriod": 60, "priority": "PRIORITY",
                "applicationPortId": 5683, "triggerPayload": TRIGGER,
                "notificationDestination": self.sink.url, **changes}

    def test_a_trigger_wakes_a_sleeping_device_which_updates_its_registration(self):
        self.start(config="triggers: {delay: 50ms}\n")
        self.configure()
        api = self.device()
        payload = subprocess.run(["base64", "-w0"], input=coap_execute("1", "0", "8"),
                                 capture_output=True, check=True).stdout.decode()
        made = self.send("POST", self.triggers, self.trigger(triggerPayload=payload), expect=201)
        self.assertEqual(made["deliveryResult"], "TRIGGERED")
        report = self.sink.wait_for(lambda body: "result" in body)
        self.assertEqual(report, {"transaction": made["self"], "result": "SUCCESS"})
        self.assertEqual(self.send("GET", made["self"])["deliveryResult"], "SUCCESS")
        self.assertEqual(self.send("GET", f"{self.control}/ues/{UE}")["state"], "connected")
        log = self.send("GET", api + "/log")
        self.assertIn("Registration Update", json.dumps(log))
        self.assertEqual(self.send("DELETE", made["self"], expect=204)[:12], "HTTP/1.1 204")
        self.assertEqual(self.send("GET", self.triggers), [])

    def test_data_for_a_device_without_pdn_connection_trigger_it_to_set_one_up(self):
        self.start(config="triggers: {delay: 50ms}\n")
        made = self.configure()
        self.device()
        self.send("PATCH", f"{self.control}/ues/{UE}", {"state": "no-pdn"}, expect=200)
        sent = self.send("POST", made["self"] + "/downlink-data-deliveries",
                         {"externalId": UE, "data": "AQID", "maximumLatency": 60,
                          "pdnEstablishmentOption": "SEND_TRIGGER"}, expect=201)
        self.assertEqual(sent["deliveryStatus"], "TRIGGERED")
        told = self.sink.wait_for(lambda body: "deliveryStatus" in body)
        self.assertEqual(told, {"niddDownlinkDataTransfer": sent["self"],
                                "deliveryStatus": "SUCCESS_NEXT_HOP_ACKNOWLEDGED"})
        log = self.send("GET", f"{self.control}/log?kind=pdn-trigger,trigger,attach,downlink")
        self.assertEqual([entry["kind"] for entry in log["entries"]],
                         ["attach", "pdn-trigger", "trigger", "attach", "downlink"])

    def test_a_trigger_for_nobody_expires_and_wrong_ones_are_refused_by_member(self):
        self.start(config="triggers: {delay: 10ms}\n")
        self.send("POST", self.triggers, self.trigger(validityPeriod=1), expect=201)
        self.assertEqual(self.sink.wait_for(lambda body: "result" in body)["result"], "EXPIRED")
        bad = self.send("POST", self.triggers, self.trigger(
            msisdn="491700000001", triggerPayload="A" * 200), expect=400)
        self.assertEqual({wrong["param"] for wrong in bad["invalidParams"]},
                         {"/externalId", "/triggerPayload"})

    def test_monitoring_tells_when_a_device_wakes_and_ends_after_so_many_reports(self):
        self.start("--time-scale", "20")
        self.device()
        subscription = {"externalId": UE, "notificationDestination": self.sink.url,
                        "monitoringType": "UE_REACHABILITY", "reachabilityType": "DATA",
                        "maximumNumberOfReports": 2, "idleStatusIndication": True}
        self.send("PATCH", f"{self.control}/ues/{UE}", {"state": "psm"}, expect=200)
        made = self.send("POST", self.events, subscription, expect=201)
        self.send("PATCH", f"{self.control}/ues/{UE}", {"state": "connected", "sleepMode": "psm"},
                  expect=200)
        told = self.sink.wait_for(lambda body: "monitoringEventReports" in body)
        self.assertEqual(told["subscription"], made["self"])
        self.assertIn("maxUEAvailabilityTime", told["monitoringEventReports"][0])
        idle = self.sink.wait_for(lambda body: "idleStatusInfo" in json.dumps(body))
        self.assertEqual(idle["monitoringEventReports"][0]["idleStatusInfo"]["activeTime"], 1)
        self.until(lambda: self.send("GET", self.events) == [])
        now = self.send("POST", self.events, {**subscription, "maximumNumberOfReports": 1},
                        expect=200)
        self.assertEqual(now["monitoringType"], "UE_REACHABILITY")
        self.send("POST", self.events, {**subscription, "monitoringType": "LOCATION_REPORTING"},
                  expect=501)

    def test_t8_asks_for_a_token_which_ends_and_can_be_revoked(self):
        self.start(config="auth: {oauth2: {client_id: dm, client_secret: 's e', "
                          "token_lifetime: 30s}}\n")
        status, head, _, _ = curl(self.nidd)
        self.assertEqual(status, 401)
        self.assertIn("WWW-Authenticate: Bearer", head)
        form = ["-d", "grant_type=client_credentials&client_id=dm&client_secret=s%20e"]
        _, _, text, _ = curl(self.t8 + "/oauth2/token", *form)
        token = json.loads(text)
        self.assertEqual((token["token_type"], token["expires_in"]), ("Bearer", 30))
        bearer = ["-H", "Authorization: Bearer " + token["access_token"]]
        self.assertEqual(curl(self.nidd, *bearer)[0], 200)
        self.assertEqual(self.send("POST", self.control + "/oauth2/revoke"), {"revoked": 1})
        self.assertEqual(curl(self.nidd, *bearer)[0], 401)
        basic = curl(self.t8 + "/oauth2/token", "-u", "dm:s%20e", "-d",
                     "grant_type=client_credentials")
        self.assertEqual(basic[0], 200)
        wrong = curl(self.t8 + "/oauth2/token", "-u", "dm:no", "-d",
                     "grant_type=client_credentials")
        self.assertEqual(json.loads(wrong[2])["error"], "invalid_client")
        self.assertNotIn(token["access_token"],
                         json.dumps(self.send("GET", self.control + "/log")))

    def test_t8_and_notifications_go_over_mutual_tls(self):
        make_certificates(self.dir, "scef", "as")
        secure = Sink(self.path("as.pem"), self.path("as.key"), self.path("ca.pem"))
        self.addCleanup(secure.close)
        self.start("--tls-certificate", self.path("scef.pem"), "--tls-key", self.path("scef.key"),
                   "--tls-client-ca", self.path("ca.pem"), scheme="https",
                   config=f"notifications: {{ca_file: {self.path('ca.pem')}, certificate_file: "
                          f"{self.path('scef.pem')}, key_file: {self.path('scef.key')}, "
                          "bearer_token: s3cret}\n")
        self.assertEqual(curl("--cacert", self.path("ca.pem"), self.nidd)[0], 0)
        ours = ["--cacert", self.path("ca.pem"), "--cert", self.path("as.pem"), "--key",
                self.path("as.key")]
        made = self.send("POST", self.nidd, {"externalId": UE,
                                             "notificationDestination": secure.url,
                                             "requestTestNotification": True}, *ours, expect=201)
        self.assertTrue(made["self"].startswith("https://"), made)
        told = secure.wait_for(lambda body: "subscription" in body)
        self.assertEqual(told["subscription"], made["self"])
        self.assertEqual(secure.headers[0]["Authorization"], "Bearer s3cret")

    def test_profiles_deviate_as_known_operators_do(self):
        for profile, look in (("oracle", self.look_at_oracle), ("mts", self.look_at_mts),
                              ("3gpp-r15", self.look_at_r15)):
            with self.subTest(profile):
                self.start("--profile", profile)
                look()

    def look_at_oracle(self):
        lost = self.send("GET", self.nidd + "/no", expect=404)
        self.assertRegex(lost["detail"], r"^SCEF-ERR-404-110: ")
        made = self.configure()
        large = self.send("POST", made["self"] + "/downlink-data-deliveries",
                          {"externalId": UE, "data": "A" * 2000}, expect=403)
        self.assertRegex(large["detail"], r"^SCEF-ERR-403-111: ")
        self.assertNotIn("cause", large)

    def look_at_mts(self):
        made = self.configure()
        self.assertTrue(made["self"].startswith("/3gpp-nidd/v1/dm/configurations/"), made)
        self.send("PATCH", f"{self.control}/ues/{UE}", {"state": "psm"}, expect=200)
        sent = self.send("POST", self.t8 + made["self"] + "/downlink-data-deliveries",
                         {"externalId": UE, "data": "aGk="}, expect=201)
        self.assertEqual(sent["status"], "BUFFERING_TEMPORARILY_NOT_REACHABLE")
        self.assertNotIn("deliveryStatus", sent)

    def look_at_r15(self):
        made = self.send("POST", self.nidd, {"externalId": UE, "supportedFeatures": "ff",
                                             "notificationDestination": self.sink.url,
                                             "requestTestNotification": True}, expect=201)
        self.assertNotIn("requestTestNotification", made)
        self.assertEqual(int(made["supportedFeatures"], 16) & ~3, 0)
        self.send("PATCH", made["self"] + "/downlink-data-deliveries/x", {}, expect=405)

    def test_fault_rules_of_a_file_break_answers_in_every_way(self):
        rules = self.path("faults.yaml")
        with open(rules, "w", encoding="utf-8") as file:
            file.write("- {operation: configuration, action: garbage}\n"
                       "- {operation: configuration, action: truncate}\n"
                       "- {operation: configuration, action: wrong-type}\n"
                       "- {operation: configuration, action: reset}\n"
                       "- {operation: configuration, action: trickle, delayMs: 300}\n"
                       "- {operation: configuration, location: 'http://b.example', status: 308}\n"
                       "- {operation: trigger, status: 503, retryAfter: 3}\n"
                       "- {operation: subscription, cause: SOME_CAUSE}\n"
                       "- {operation: token, status: 500}\n")
        self.start("--faults", rules)
        garbage = curl(self.nidd)
        self.assertEqual(garbage[0], 200)
        self.assertRaises(ValueError, json.loads, garbage[2])
        self.assertEqual(curl(self.nidd)[3], 18)  # curl: the transfer ended too early
        self.assertIn("Content-Type: text/html", curl(self.nidd)[1])
        self.assertEqual(curl(self.nidd)[3], 56)  # curl: connection reset
        begin = time.monotonic()
        self.assertEqual(curl(self.nidd)[0], 200)
        self.assertGreater(time.monotonic() - begin, 0.25)
        status, head, _, _ = curl(self.nidd)
        self.assertEqual(status, 308)
        self.assertIn("Location: http://b.example/3gpp-nidd/v1/dm/configurations", head)
        self.assertIn("Retry-After: 3", curl(self.triggers)[1])
        self.assertEqual(self.send("GET", self.events, expect=403)["cause"], "SOME_CAUSE")
        self.assertEqual(curl("-d", "", self.t8 + "/oauth2/token")[0], 500)
        self.assertEqual(self.send("GET", self.control + "/faults"), [])

    def test_notifications_come_early_garbled_or_in_another_order(self):
        self.start()
        made = self.configure()
        self.device()
        deliveries = made["self"] + "/downlink-data-deliveries"
        self.send("POST", self.control + "/faults", {"notification": "early"}, expect=201)
        answered = []
        post = threading.Thread(target=lambda: answered.append(self.send(
            "POST", deliveries, {"externalId": UE, "data": "aGk="}, expect=201)))
        self.until(lambda: self.send("GET", f"{self.control}/ues/{UE}")["state"] == "psm")
        post.start()
        self.until(lambda: len(self.send("GET", deliveries)) == 1)
        self.assertEqual(answered, [])
        self.send("PATCH", f"{self.control}/ues/{UE}", {"state": "connected"}, expect=200)
        told = self.sink.wait_for(lambda body: "niddDownlinkDataTransfer" in body)
        post.join(10)
        self.assertEqual(told["niddDownlinkDataTransfer"], answered[0]["self"])
        self.send("POST", self.control + "/faults",
                  [{"notification": "garbage"}, {"notification": "reorder"}], expect=201)
        for data in ("MQ==", "Mg==", "Mw=="):
            self.send("POST", self.control + "/uplinks", {"externalId": UE, "data": data},
                      expect=202)
        self.sink.wait_for(lambda body: "garbage" in body)
        self.sink.wait_for(lambda body: body.get("data") == "Mg==")
        order = [json.loads(text)["data"] for text in self.sink.received
                 if text.endswith("}") and json.loads(text).get("data") in ("Mg==", "Mw==")]
        self.assertEqual(order, ["Mw==", "Mg=="])

    def test_the_log_can_be_followed_filtered_and_written_to_a_file(self):
        self.start("--log-file", self.path("log.jsonl"))
        follow = subprocess.Popen(["curl", "-s", "-N", "--max-time", "10",
                                   self.control + "/log?follow=true&kind=t8-answer"],
                                  stdout=subprocess.PIPE, text=True)
        self.assertTrue(follow.stdout.readline().startswith(":"))
        self.configure()
        line = follow.stdout.readline()
        while not line.startswith("data: "):
            line = follow.stdout.readline()
        follow.kill()
        follow.wait()
        follow.stdout.close()
        entry = json.loads(line[6:])
        self.assertEqual((entry["kind"], entry["detail"]["status"]), ("t8-answer", 201))
        found = self.send("GET", self.control + "/log?kind=t8-request,t8-answer&contains=POST")
        self.assertEqual(len(found["entries"]), 2)
        with open(self.path("log.jsonl"), encoding="utf-8") as file:
            kinds = [json.loads(text)["kind"] for text in file]
        self.assertEqual(kinds[:2], ["t8-request", "t8-answer"])


if __name__ == "__main__":
    unittest.main()
