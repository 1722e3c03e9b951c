"""What adapter and scef-simulator say to each other on the wire, in both directions, keeps to T8:
each body to the schema of its resource, with the right media type.
"""

import base64
import re
import unittest

from body_schema import FROM_SCEF, TO_SCEF, BodySchema, read_json
from e2e import DOMAIN, StackTest, coap
from recorder import Recorder
from stack import call, eventually

SCHEMA = BodySchema()
DEVICE = f"wire@{DOMAIN}"
SLEEPER = f"sleeper@{DOMAIN}"
CONFIGURATIONS = "/3gpp-nidd/v1/lwm2m-dm/configurations"

# Method and path; media type and schema of the request; schema of an answer of 200 or 201. A list's
# name stands in brackets.
RESOURCES = [
    ("POST", r"/configurations", "application/json", "NiddConfiguration", "NiddConfiguration"),
    ("GET", r"/configurations", "", None, "[NiddConfiguration]"),
    ("GET", r"/configurations/[^/]+", "", None, "NiddConfiguration"),
    ("PATCH", r"/configurations/[^/]+", "application/merge-patch+json", "NiddConfigurationPatch",
     "NiddConfiguration"),
    ("DELETE", r"/configurations/[^/]+", "", None, None),
    ("POST", r"/downlink-data-deliveries", "application/json", "NiddDownlinkDataTransfer",
     "NiddDownlinkDataTransfer"),
    ("GET", r"/downlink-data-deliveries", "", None, "[NiddDownlinkDataTransfer]"),
    ("GET", r"/downlink-data-deliveries/[^/]+", "", None, "NiddDownlinkDataTransfer"),
    ("PUT", r"/downlink-data-deliveries/[^/]+", "application/json", "NiddDownlinkDataTransfer",
     "NiddDownlinkDataTransfer"),
    ("DELETE", r"/downlink-data-deliveries/[^/]+", "", None, None),
    ("GET", r"/rds-ports", "", None, "[ManagePort]"),
    ("POST", r"/transactions", "application/json", "DeviceTriggering", "DeviceTriggering"),
    ("GET", r"/transactions/[^/]+", "", None, "DeviceTriggering"),
    ("DELETE", r"/transactions/[^/]+", "", None, "DeviceTriggering"),
    ("POST", r"/subscriptions", "application/json", "MonitoringEventSubscription",
     "MonitoringEventSubscription"),
    ("GET", r"/subscriptions/[^/]+", "", None, "MonitoringEventSubscription"),
    ("DELETE", r"/subscriptions/[^/]+", "", None, None),
]

NOTIFICATIONS = [
    ({"data", "niddConfiguration"}, "NiddUplinkDataNotification"),
    ({"deliveryStatus", "niddDownlinkDataTransfer"}, "NiddDownlinkDataDeliveryStatusNotification"),
    ({"status", "niddConfiguration"}, "NiddConfigurationStatusNotification"),
    ({"transaction", "result"}, "DeviceTriggeringDeliveryReportNotification"),
    ({"subscription", "monitoringEventReports"}, "MonitoringNotification"),
    ({"subscription", "cancelInd"}, "MonitoringNotification"),
    ({"subscription"}, "TestNotification"),
]


def complaints(kind, text, direction):
    if kind.startswith("["):
        return [complaint for item in read_json(text)
                for complaint in SCHEMA.complaints(kind[1:-1], item, direction)]
    return SCHEMA.complaints(kind, read_json(text), direction)


def answer_kind(passed, kind):
    """Schema and media type of an answer."""
    if passed.status == 204:
        return None, ""
    if passed.status == 200 and passed.method == "POST" and kind == "MonitoringEventSubscription":
        several = "monitoringEventReports" in read_json(passed.answer_body)
        return "MonitoringEventReports" if several else "MonitoringEventReport", "application/json"
    if passed.status in (200, 201):
        return kind, "application/json"
    if passed.status == 500 and "downlink-data-deliveries" in passed.path:
        return "NiddDownlinkDataDeliveryFailure", "application/json"
    return "ProblemDetails", "application/problem+json"


class WireTest(StackTest):
    extra = "profiles: {sleepy: {reachability: {psm: {active_timer: 1s, period: 24h}}}}\n"

    @classmethod
    def configure(cls):
        cls.t8 = Recorder(cls.stack.scef_api_root)
        cls.stack.scef_api_root = cls.t8.url
        super().configure()
        cls.notifications = Recorder("http://" + cls.stack.notifications)
        with open(cls.stack.config_file, encoding="utf-8") as file:
            text = file.read()
        with open(cls.stack.config_file, "w", encoding="utf-8") as file:
            file.write(text.replace(f'public_url: "http://{cls.stack.notifications}"',
                                    f'public_url: "{cls.notifications.url}"')
                       .replace('domains: ["*"]', 'domains: ["*"], monitoring: [UE_REACHABILITY]'))

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.t8.stop()
        cls.notifications.stop()

    def judge_call(self, passed):
        row = next((row for row in RESOURCES if row[0] == passed.method
                    and re.search(row[1] + "$", passed.path)), None)
        self.assertIsNotNone(row, passed)
        _, _, request_type, request_kind, kind = row
        if passed.status < 400:  # what was refused may be the test's own mistake
            self.assertEqual(passed.request_type, request_type, passed)
            if request_kind:
                self.assertEqual(complaints(request_kind, passed.request_body, TO_SCEF), [], passed)
        wanted, answer_type = answer_kind(passed, kind)
        self.assertEqual(passed.answer_type, answer_type, passed)
        self.assertEqual(bool(passed.location), passed.status == 201, passed)
        if wanted:
            self.assertEqual(complaints(wanted, passed.answer_body, FROM_SCEF), [], passed)
        return f"{passed.method} {wanted} {passed.status}"

    def judge_notification(self, passed):
        self.assertEqual((passed.method, passed.request_type), ("POST", "application/json"), passed)
        members = set(read_json(passed.request_body))
        kind = next((kind for wanted, kind in NOTIFICATIONS if wanted <= members), None)
        self.assertIsNotNone(kind, passed)
        self.assertEqual(complaints(kind, passed.request_body, FROM_SCEF), [], passed)
        if passed.status == 204:
            self.assertEqual((passed.answer_type, passed.answer_body), ("", ""), passed)
        else:
            self.assertEqual(passed.answer_type, "application/problem+json", passed)
            self.assertEqual(complaints("ProblemDetails", passed.answer_body, TO_SCEF), [], passed)
        return kind

    def live(self):
        """A device from its provisioning to its end."""
        self.stack.provision(DEVICE)
        modems = self.stack.start_modems("--device", DEVICE)
        eventually("registered", lambda: "wire" in self.stack.clients())
        self.assertEqual(self.stack.operate("wire", "read", path="/3/0/0")["code"], "2.05")
        self.stack.modem_act(modems, DEVICE, "update")
        self.assertIn(self.stack.adapter_call("DELETE", f"/devices/{DEVICE}")[0], (200, 202, 204))

    def wake(self):
        """A message waits for a device that sleeps: its reachability is watched, an SMS wakes it."""
        self.stack.provision(SLEEPER, profile="sleepy")
        self.stack.start_modems("--device", SLEEPER, "--state", "psm", label="modem-sleeper")
        eventually("registered", lambda: "sleeper" in self.stack.clients())
        eventually("asleep", lambda: self.stack.ue_state(SLEEPER) == "psm"
                   and not self.stack.device(SLEEPER)["reachability"]["reachable"])
        read = base64.b64encode(coap(0, 1, 0x7101, b"\x01")).decode()
        self.assertEqual(self.stack.adapter_call("POST", f"/devices/{SLEEPER}/messages",
                                                 {"payload": read, "ttl": "60s"})[0], 201)
        eventually("it is watched", lambda: self.passed(self.t8, "/subscriptions"))
        self.assertIn(self.stack.adapter_call("POST", f"/devices/{SLEEPER}:wake")[0], (200, 202))
        for member in ('"result"', '"monitoringEventReports"'):
            eventually(f"{member} is told", lambda: any(
                member in told.request_body for told in self.notifications.everything()))

    @staticmethod
    def passed(recorder, end):
        return [one for one in recorder.everything() if one.path.endswith(end)]

    def err(self):
        """What an SCS/AS may do wrong or meet."""
        api = self.t8.url + CONFIGURATIONS
        wanted = {"externalId": f"nobody@{DOMAIN}", "notificationDestination": self.notifications.url + "/x"}
        status, made = call("POST", api, wanted)
        self.assertEqual(status, 201, made)
        own = self.t8.url + CONFIGURATIONS + "/" + made["self"].rpartition("/")[2]
        transfer = {"externalId": wanted["externalId"], "data": "AA=="}
        for method, url, body in (
                ("POST", api, {}), ("POST", api, wanted | {"externalId": "nobody"}),
                ("POST", api, wanted | {"msisdn": "491"}), ("GET", api + "/none", None),
                ("PATCH", own, {"duration": "soon"}), ("GET", own, None), ("GET", api, None),
                ("POST", api + "/none/downlink-data-deliveries", transfer),
                ("POST", own + "/downlink-data-deliveries", transfer | {"data": "A"}),
                ("POST", own + "/downlink-data-deliveries", transfer | {"data": "AAAA" * 2000}),
                ("POST", own + "/downlink-data-deliveries",
                 transfer | {"pdnEstablishmentOption": "INDICATE_ERROR"}),
                ("POST", own + "/downlink-data-deliveries", transfer | {"maximumLatency": 60}),
                ("GET", own + "/downlink-data-deliveries", None),
                ("DELETE", own + "/downlink-data-deliveries/none", None),
                ("DELETE", own, None), ("DELETE", own, None)):
            call(method, url, body)

    def test_both_sides_keep_to_t8(self):
        self.live()
        self.wake()
        self.err()

        calls = {self.judge_call(passed) for passed in self.t8.everything()}
        notifications = {self.judge_notification(passed)
                         for passed in self.notifications.everything()}

        for kind in ("POST NiddConfiguration 201", "POST NiddDownlinkDataTransfer 200",
                     "POST NiddDownlinkDataDeliveryFailure 500", "POST ProblemDetails 400",
                     "POST ProblemDetails 403", "POST ProblemDetails 404",
                     "POST NiddDownlinkDataTransfer 201", "GET [NiddDownlinkDataTransfer] 200",
                     "POST DeviceTriggering 201", "POST MonitoringEventSubscription 201",
                     "GET [NiddConfiguration] 200", "GET NiddConfiguration 200", "DELETE None 204"):
            self.assertIn(kind, calls)
        for kind in ("NiddUplinkDataNotification", "MonitoringNotification",
                     "DeviceTriggeringDeliveryReportNotification"):
            self.assertIn(kind, notifications)


if __name__ == "__main__":
    unittest.main(verbosity=2)
