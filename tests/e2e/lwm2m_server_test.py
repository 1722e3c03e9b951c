"""Every operation of lwm2m-server-simulator in every format through the whole chain, and what devices
report, against the client of modem-simulator."""

import json
import threading
import unittest
import urllib.request

from server_chain import SENML, ServerTest, values
from stack import call, eventually


class Values(ServerTest):
    def test_a_value_is_read_in_each_format(self):
        self.device("formats")
        for accept, number in (("text", 0), ("tlv", 11542)):
            answer = self.do("read", "2.05", path="/3/0/9", accept=accept)
            self.assertEqual((answer["payload"], answer["contentFormat"], answer["format"]),
                             (92, number, accept))
        for accept in SENML:
            answer = self.do("read", "2.05", path="/3/0/9", accept=accept)
            self.assertEqual((values(answer["payload"]), answer["format"]), ({"/3/0/9": 92}, accept))
            whole = values(self.do("read", "2.05", path="/3/0", accept=accept)["payload"])
            self.assertEqual((whole["/3/0/9"], whole["/3/0/2"]), (92, "formats"))
        tlv = self.do("read", "2.05", path="/3", accept=11542)["payload"]
        self.assertEqual((tlv["0"]["9"], tlv["0"]["2"]), (92, "formats"))
        self.do("read", "4.06", path="/3/0", accept="text")
        self.do("read", "4.06", path="/3/0/9", accept="cbor")
        self.do("read", "4.04", path="/3/0/99")

    def test_octets_are_read_and_written_as_opaque_and_in_the_others(self):
        self.device("octets")
        self.do("create", "2.01", path="/19", instance=3, values={"0": {"0": "AAH/"}})
        self.assertEqual(self.do("read", "2.05", path="/19/3/0/0", accept="opaque")["payload"], "AAH/")
        self.do("write", "2.04", path="/19/3/0/0", value="AgM=", contentFormat="opaque")
        for accept in SENML:
            read = self.do("read", "2.05", path="/19/3/0/0", accept=accept)["payload"]
            self.assertEqual(values(read), {"/19/3/0/0": "AgM"})
            self.do("write", "2.04", path="/19/3/0/0", value="AgM=", contentFormat=accept)
        self.assertEqual(self.held("/19/3/0/0")["value"], "AgM=")

    def test_writes_replace_or_update_in_each_structured_format(self):
        self.device("writes")
        self.do("create", "2.01", path="/19", instance=4, values={"0": {"0": "AA==", "1": "AQ=="}})
        for at, form in enumerate(("tlv",) + SENML):
            self.do("write", "2.04", path="/19/4", update=True, contentFormat=form,
                    values={"3": f"text {at}", "5": at})
            whole = self.do("read", "2.05", path="/19/4", accept="tlv")["payload"]
            self.assertEqual((whole["3"], whole["5"]), (f"text {at}", at))
            self.assertEqual(whole["0"], {"0": "AA==", "1": "AQ=="}, "an update keeps the rest")
            self.do("write", "2.04", path="/19/4/0", update=True, contentFormat=form,
                    values={"7": "Bw=="})
            self.assertEqual(set(self.do("read", "2.05", path="/19/4/0")["payload"]), {"0", "1", "7"})
            self.do("write", "2.04", path="/19/4", contentFormat=form,
                    values={"0": {"0": "AA==", "1": "AQ=="}})
            whole = self.do("read", "2.05", path="/19/4", accept="tlv")["payload"]
            self.assertEqual(whole["0"], {"0": "AA==", "1": "AQ=="})
            self.assertNotIn("3", whole, f"a replace in {form} takes the rest away")

    def test_one_instance_of_a_resource_is_addressed(self):
        self.device("instances")
        self.do("create", "2.01", path="/19", instance=5, values={"0": {"0": "AA==", "1": "AQ=="}})
        for accept in ("opaque", "tlv"):
            self.assertEqual(self.do("read", "2.05", path="/19/5/0/1", accept=accept)["payload"], "AQ==")
        self.do("write", "2.04", path="/19/5/0/1", value="Ag==", contentFormat="tlv")
        self.assertEqual(self.do("read", "2.05", path="/19/5/0")["payload"], {"0": "AA==", "1": "Ag=="})
        self.do("delete", "4.05", path="/19/5/0/1")  # comes with LwM2M 1.2
        self.measure("/3/0/7/1", 4980)
        self.assertEqual(self.do("observe", "2.05", path="/3/0/7/1")["payload"], 4980)
        self.measure("/3/0/7/1", 4987)
        eventually("notified", lambda: [e["payload"] for e in self.events("NOTIFICATION")] == [4987])
        self.do("delete", "2.02", path="/19/5")
        self.do("read", "4.04", path="/19/5")

    def test_attributes_are_written_shown_and_taken_away(self):
        self.device("attributes")
        path = "/3303/0/5700"
        self.do("write-attributes", "2.04", path=path, attributes={
            "pmin": 1, "pmax": 300, "gt": 30.5, "lt": -5, "st": 0.5, "epmin": 1, "epmax": 10})
        links = self.do("discover", "2.05", path="/3303/0")["payload"]
        self.assertIn("</3303/0/5700>;pmin=1;pmax=300;gt=30.5;lt=-5;st=0.5;epmin=1;epmax=10", links)
        self.do("write-attributes", "2.04", path=path, attributes={
            "pmax": None, "lt": "", "st": None, "epmin": None, "epmax": None, "gt": 40})
        links = self.do("discover", "2.05", path="/3303/0")["payload"]
        self.assertIn("</3303/0/5700>;pmin=1;gt=40,", links)
        self.do("write-attributes", "4.00", path="/3/0/0", attributes={"gt": 1})
        self.assertEqual(self.do("discover", "2.05", path="/3303", depth=0)["payload"].count(","), 0)

    def test_composite_operations_in_both_formats(self):
        self.device("composite")
        for form in SENML:
            self.do("write-composite", "2.04", contentFormat=form,
                    values={"/1/0/1": 4321, "/3/0/14": "+03:00", "/1/0": {"6": True}})
            answer = self.do("read-composite", "2.05", contentFormat=form,
                             paths=["/1/0/1", "/3/0/14", "/3303/0/5700"])
            read = values(answer["payload"])
            self.assertEqual((answer["format"], read["/1/0/1"], read["/3/0/14"]),
                             (form, 4321, "+03:00"))
            self.assertIn("/3303/0/5700", read)
        answer = self.do("read-composite", "2.05", accept="senml-cbor", paths=["/3/0/9"])
        self.assertEqual((answer["format"], values(answer["payload"])), ("senml-cbor", {"/3/0/9": 92}))

    def test_execute_create_and_delete(self):
        self.device("manage")
        self.do("execute", "2.04", path="/3/0/12", arguments="0='why',1")
        self.assertEqual(self.state()["executed"], {"/3/0/12": 1})
        self.do("execute", "4.05", path="/3/0/0")
        for form in ("tlv",) + SENML:
            created = self.do("create", "2.01", path="/19", instance=6, contentFormat=form,
                              values={"0": {"0": "AA=="}, "3": "of " + form})
            self.assertEqual(created.get("location", "/19/6"), "/19/6")
            self.assertEqual(self.do("read", "2.05", path="/19/6/3")["payload"], "of " + form)
            self.do("delete", "2.02", path="/19/6")
        self.assertTrue(self.do("create", "2.01", path="/19", values={"0": {"0": "AA=="}})["location"])

    def test_what_is_wrong_is_told(self):
        status, said = call("POST", self.stack.server_api + "/clients/nobody/fly", {})
        self.assertEqual(status, 404)
        self.assertIn("read, discover, write, write-attributes", said["detail"])
        status, said = call("POST", self.stack.server_api + "/clients/nobody/read", {"pth": "/3"})
        self.assertEqual((status, said["detail"][:42]), (400, "'pth' is no member of read; it takes path,"))


class Reports(ServerTest):
    def test_a_cancel_by_request_and_one_by_reset_end_an_observation(self):
        self.device("cancel")
        for by in ("request", "reset"):
            self.do("observe", "2.05", path="/3303/0/5700", accept="senml-cbor")
            listed = self.get("/clients/cancel/observations")
            self.assertEqual([o["path"] for o in listed], ["/3303/0/5700"])
            self.measure("/3303/0/5700", 30.25)
            eventually("notified", lambda: any("30.25" in str(e) for e in self.events("NOTIFICATION")))
            answer = self.stack.operate("cancel", "cancel", path="/3303/0/5700", by=by)
            self.assertEqual(answer["code"], "2.05" if by == "request" else None)
            self.assertEqual(self.get("/clients/cancel/observations"), [])
            self.measure("/3303/0/5700", 31.75)
            eventually("ended", lambda: [e["by"] for e in self.events("OBSERVATION_ENDED")][-1:] == [by])
            eventually("for the device, too",
                       lambda: call("GET", self.url + "/observations")[1] in ([], {"observations": []}))
            self.measure("/3303/0/5700", 20)
        self.assertFalse([e for e in self.events("NOTIFICATION") if "31.75" in str(e)])

    def test_a_composite_observation_in_cbor(self):
        self.device("both")
        paths = ["/3/0/9", "/3303/0/5700"]
        self.do("observe-composite", "2.05", paths=paths, contentFormat="senml-cbor")
        self.measure("/3303/0/5700", 30.5)
        told = eventually("notified", lambda: self.events("NOTIFICATION"))[0]
        self.assertEqual((told["format"], values(told["payload"])),
                         ("senml-cbor", {"/3/0/9": 92, "/3303/0/5700": 30.5}))
        self.do("cancel", "2.05", paths=paths)

    def test_a_send_is_decoded_in_both_formats(self):
        self.device("sender")
        for at, form in enumerate(SENML):
            status, said = call("POST", self.url + ":send", {"paths": ["/3/0/9"], "format": form})
            self.assertEqual(status, 202, said)
            sent = eventually("sent", lambda: len(self.events("SEND")) == at + 1 and
                              self.events("SEND")[-1])
            self.assertEqual((sent["format"], values(sent["payload"])), (form, {"/3/0/9": 92}))

    def test_the_stream_tells_one_type_and_registrations_with_versions(self):
        self.device("stream")
        url = f"{self.stack.server_api}/clients/stream/events?type=RESPONSE"
        lines = []
        opened = urllib.request.urlopen(url, timeout=60)
        self.addCleanup(opened.close)

        def follow():
            for line in opened:
                lines.append(line.decode())
                if line.startswith(b"data:"):
                    return

        follower = threading.Thread(target=follow, daemon=True)
        follower.start()
        self.do("read", "2.05", path="/3/0/2")
        follower.join(30)
        told = json.loads([line for line in lines if line.startswith("data:")][0][5:])
        self.assertEqual((told["operation"], told["path"], told["code"]), ("read", "/3/0/2", "2.05"))
        objects = {o["object"]: o for o in self.events("REGISTRATION")[0]["objects"]}
        self.assertEqual((objects[3]["version"], objects[3]["instances"]), ("1.1", [0]))


if __name__ == "__main__":
    unittest.main(verbosity=2)
