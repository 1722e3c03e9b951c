"""Every T8 body that adapter and scef-simulator write keeps to T8.

Judged by the project's own schema subset, and by the official files where they are present. The
programs $SCEF_BIN/adapter_bodies and simulator_bodies print the bodies; nothing of theirs judges.
"""
import collections
import os
import pathlib
import subprocess
import sys
import unittest

import official_schema
from body_schema import FROM_SCEF, TO_SCEF, BodySchema, read_json

BIN = pathlib.Path(os.environ.get("SCEF_BIN", "build/dev/bin"))
SEED = os.environ.get("T8_SEED", "1")
SCHEMA = BodySchema()
OFFICIAL = official_schema.load()

# Members that a side may write but has no use for, so that no body here has them.
UNUSED = {
    TO_SCEF: {"NiddConfiguration": {"self", "msisdn", "externalGroupId", "niddDownlinkDataTransfers"},
              "NiddConfigurationPatch": {"pdnEstablishmentOption", "notificationDestination"},
              "NiddDownlinkDataTransfer": {"self", "msisdn", "externalGroupId",
                                           "requestedRetransmissionTime"},
              "DeviceTriggering": {"self", "msisdn", "appSrcPortId", "requestTestNotification"},
              "MonitoringEventSubscription": {
                  "self", "msisdn", "externalGroupId", "mtcProviderId", "requestTestNotification",
                  "repPeriod", "maximumDetectionTime", "maximumLatency", "maximumResponseTime",
                  "suggestedNumberOfDlPackets", "monitoringEventReport"},
              "ProblemDetails": {"type", "instance", "invalidParams", "supportedFeatures"}},
    FROM_SCEF: {"NiddDownlinkDataTransfer": {"externalGroupId", "requestedRetransmissionTime"},
                "NiddDownlinkDataDeliveryStatusNotification": {"requestedRetransmissionTime"},
                "NiddConfigurationStatusNotification": {"rdsCapIndication", "rdsPort"},
                "MonitoringEventSubscription": {"externalGroupId", "repPeriod",
                                                "monitoringEventReport"},
                "MonitoringNotification": {"cancelInd"},
                "ProblemDetails": {"type", "instance", "supportedFeatures"}},
}

# What each side says, all of it: a kind that is not printed is not judged.
KINDS = {
    TO_SCEF: {"NiddConfiguration", "NiddConfigurationPatch", "NiddDownlinkDataTransfer",
              "DeviceTriggering", "MonitoringEventSubscription", "ProblemDetails"},
    FROM_SCEF: {"NiddConfiguration", "NiddDownlinkDataTransfer", "NiddDownlinkDataDeliveryFailure",
                "NiddUplinkDataNotification", "NiddDownlinkDataDeliveryStatusNotification",
                "NiddConfigurationStatusNotification", "DeviceTriggering",
                "DeviceTriggeringDeliveryReportNotification", "MonitoringEventSubscription",
                "MonitoringEventReport", "MonitoringNotification", "TestNotification",
                "ProblemDetails"},
}


def bodies_of(program):
    lines = subprocess.run([BIN / program, SEED], check=True, capture_output=True, text=True).stdout
    for line in lines.splitlines():
        entry = read_json(line)
        yield entry["kind"], entry["direction"], entry["body"]


BODIES = [*bodies_of("adapter_bodies"), *bodies_of("simulator_bodies")]


class OwnSchema(unittest.TestCase):
    def test_every_body_keeps_to_it(self):
        for direction, kinds in KINDS.items():
            self.assertEqual({kind for kind, told, _ in BODIES if told == direction}, kinds)
        for kind, direction, text in BODIES:
            complaints = SCHEMA.complaints(kind, read_json(text), direction)
            self.assertEqual(complaints, [], f"seed {SEED}, {direction} {kind} {text}")

    def test_every_member_was_written_by_some_body(self):
        written = collections.defaultdict(set)
        for kind, direction, text in BODIES:
            for part, members in SCHEMA.parts(kind, read_json(text)):
                written[direction, part] |= members
        for (direction, kind), members in written.items():
            rules = SCHEMA.types[kind]
            wanted = set(rules["members"]) - UNUSED[direction].get(kind, set())
            if direction == TO_SCEF:
                wanted -= set(rules.get("scef_only", []))
            self.assertEqual(wanted - members, set(), f"{direction} {kind}")

    def test_it_sees_mistakes(self):
        transfer = {"externalId": "a@b", "data": "AA==", "rdsPort": {"portUE": 1, "portSCEF": 2}}
        self.assertEqual(SCHEMA.complaints("NiddDownlinkDataTransfer", transfer, TO_SCEF), [])
        for change in ({"data": None}, {"data": "AA"}, {"data": "AB=="}, {"data": "A_=="}, {"data": 1},
                       {"msisdn": "491"}, {"externalId": "a"}, {"maximumLatency": -1},
                       {"maximumLatency": 1.0}, {"maximumLatency": True}, {"priority": "1"},
                       {"reliableDataService": 1}, {"rdsPort": {"portUE": 1}},
                       {"rdsPort": {"portUE": 65536, "portSCEF": 0}}, {"unknown": 1},
                       {"deliveryStatus": "SUCCESS"}, {"self": "ftp://h/x"},
                       {"requestedRetransmissionTime": "2030-13-01T00:00:00Z"}):
            wrong = transfer | change
            self.assertNotEqual(SCHEMA.complaints("NiddDownlinkDataTransfer", wrong, TO_SCEF), [],
                                change)
        for name in ("externalId", "data"):
            less = {member: value for member, value in transfer.items() if member != name}
            self.assertNotEqual(SCHEMA.complaints("NiddDownlinkDataTransfer", less, TO_SCEF), [], name)

    def test_it_sees_mistakes_beside_nidd(self):
        self.see_mistakes(TO_SCEF, "DeviceTriggering", {
            "externalId": "a@b", "validityPeriod": 0, "priority": "PRIORITY",
            "applicationPortId": 5683, "triggerPayload": "AA==",
            "notificationDestination": "http://h/x"},
            {"validityPeriod": -1}, {"validityPeriod": "60"}, {"applicationPortId": 65536},
            {"priority": True}, {"deliveryResult": "SUCCESS"}, {"msisdn": "491"})
        self.see_mistakes(TO_SCEF, "MonitoringEventSubscription", {
            "externalId": "a@b", "notificationDestination": "http://h/x",
            "monitoringType": "UE_REACHABILITY", "maximumNumberOfReports": 1},
            {"maximumNumberOfReports": 0}, {"monitorExpireTime": "tomorrow"},
            {"idleStatusIndication": "true"}, {"msisdn": "491"})
        self.see_mistakes(FROM_SCEF, "DeviceTriggeringDeliveryReportNotification",
                          {"transaction": "http://h/x", "result": "SUCCESS"},
                          {"transaction": "x"}, {"result": 1})
        report = {"monitoringType": "UE_REACHABILITY"}
        self.see_mistakes(FROM_SCEF, "MonitoringNotification", {"subscription": "/x"},
                          {"monitoringEventReports": []}, {"monitoringEventReports": [{}]},
                          {"monitoringEventReports": [report | {"eventTime": 0}]},
                          {"monitoringEventReports": [report | {"idleStatusInfo": {"activeTime": 1.5}}]},
                          {"cancelInd": 1})

    def see_mistakes(self, direction, kind, right, *changes):
        """No complaint about `right`, one about each change, and about each member that it lacks."""
        self.assertEqual(SCHEMA.complaints(kind, right, direction), [])
        less = [{name: right[name] for name in right if name != gone} for gone in right]
        for wrong in [*less, *(right | change for change in changes)]:
            self.assertNotEqual(SCHEMA.complaints(kind, wrong, direction), [], wrong)

    def test_its_reader_takes_no_loose_json(self):
        for text in ('{"a":1,"a":2}', '{"a":NaN}', '{"a":1}x', "{'a':1}", '{"a":1,}'):
            with self.assertRaises(ValueError, msg=text):
                read_json(text)


@unittest.skipIf(OFFICIAL is None, "no official schema files")
class OfficialFiles(unittest.TestCase):
    def test_every_body_keeps_to_them(self):
        for kind, direction, text in BODIES:
            if kind == "TestNotification":  # they have no component for it
                continue
            complaints = OFFICIAL.complaints(kind, read_json(text))
            self.assertEqual(complaints, [], f"seed {SEED}, {direction} {kind} {text}")

    def test_the_own_subset_has_no_member_that_they_have_not(self):
        for kind, rules in SCHEMA.types.items():
            if not OFFICIAL.has(kind):
                continue
            theirs = OFFICIAL.schema_of(kind)
            self.assertEqual(set(rules["members"]) - set(theirs["properties"]), set(), kind)
            self.assertEqual(set(rules.get("required", [])), set(theirs.get("required", [])), kind)

    def test_their_reader_sees_mistakes(self):
        self.assertEqual(OFFICIAL.complaints("NiddDownlinkDataTransfer",
                                             {"externalId": "a@b", "data": "AA=="}), [])
        for wrong in ({"externalId": "a@b"}, {"data": "AA=="}, {"externalId": 1, "data": "AA=="},
                      {"externalId": "a@b", "msisdn": "1", "data": "AA=="},
                      {"externalId": "a@b", "data": "AA==", "maximumLatency": -1},
                      {"externalId": "a@b", "data": "AA==", "rdsPort": {"portUE": 70000, "portSCEF": 1}}):
            self.assertNotEqual(OFFICIAL.complaints("NiddDownlinkDataTransfer", wrong), [], wrong)
        trigger = {"externalId": "a@b", "validityPeriod": 1, "priority": "PRIORITY", "triggerPayload": "",
                   "applicationPortId": 1, "notificationDestination": "http://h/x"}
        self.assertEqual(OFFICIAL.complaints("DeviceTriggering", trigger), [])
        self.assertNotEqual(OFFICIAL.complaints("DeviceTriggering", trigger | {"msisdn": "1"}), [])
        for report in ({}, {"monitoringType": "UE_REACHABILITY", "lossOfConnectReason": "2"}):
            wrong = {"subscription": "/x", "monitoringEventReports": [report]}
            self.assertNotEqual(OFFICIAL.complaints("MonitoringNotification", wrong), [], wrong)


if __name__ == "__main__":
    if OFFICIAL is None and sys.argv[1:] == ["OfficialFiles"]:
        print(f"skipped: no official schema files in {official_schema.directory()}")
        sys.exit(77)
    unittest.main()
