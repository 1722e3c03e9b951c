"""Faults between the adapter and the SCEF: rows S5 and N2 of the catalogue of faults."""

import base64
import unittest

from chaos import ChaosTest
from chaos_proxy import PLAIN, Plan
from coap_peer import CON, Message, POST, PUT, decode, target
from stack import eventually

# Nobody knows whether an Execute that was done twice does harm; a Write may be repeated.
EXECUTE = (POST, "/3/0/12")
WRITE = (PUT, "/1/0/1")
CONNECTIONS = 3


def request(method, path, payload=b"4000"):
    return base64.b64encode(Message(CON, method, 1, b"\x01", target(path), payload).encode()).decode()


class ScefFaults(ChaosTest):
    scef_keys = (f", request_timeout: 2s, connections_max: {CONNECTIONS}, "
                 "limits: {circuit_breaker: {back_off: 200ms, back_off_max: 1s}}")

    def tearDown(self):
        self.calm()

    def calm(self):
        self.streams.plan = PLAIN
        self.streams.reset_open()

    def told(self, identity, member):
        """What the timeline of a message says, one after the other."""
        items = self.stack.adapter_call("GET", f"/messages/{identity}/timeline")[1]["items"]
        return [item[member] for item in items]

    def legs(self, identity):
        return self.told(identity, "deviceLeg")

    def spoilt(self, device, what, plan):
        """Sends a message while connections go wrong as planned, until it is in doubt or over. Then all is
        well: its end."""
        self.streams.plan = plan
        self.streams.spoil_open(plan)
        status, sent = self.send(device, request(*what), sendMode="now")
        self.assertEqual(status, 201, sent)
        eventually("it went wrong", lambda: {"in-doubt", "done"} & set(self.legs(sent["id"])), 60)
        self.calm()
        return sent["id"]

    def frames_of(self, device, what):
        return [frame for frame in self.requests_on_air(device) if decode(frame).path == what[1]]

    def test_S5_a_response_that_is_reset_or_held_makes_no_second_frame_of_what_was_answered(self):
        device, = self.devices("alpha")
        for count, plan in enumerate((Plan(reset_after_response=40), Plan(reset_after_response=0),
                                      Plan(hold_response_after=0), Plan(hold_response_after=40)), 1):
            message = self.end_of(self.spoilt(device, EXECUTE, plan))
            self.assertEqual((message["state"], message["attempts"]), ("DELIVERED", 1), plan)
            self.assertEqual(len(self.frames_of(device, EXECUTE)), count, plan)

    def test_S5_a_request_that_broke_off_goes_again_if_it_may_be_repeated(self):
        device, = self.devices("bravo")
        message = self.end_of(self.spoilt(device, WRITE, Plan(reset_after_request=60)))
        self.assertEqual((message["state"], message["attempts"]), ("DELIVERED", 2))
        self.assertEqual(len(self.frames_of(device, WRITE)), 1)

    def test_S5_a_request_that_broke_off_is_unconfirmed_if_it_may_not_be_repeated(self):
        device, = self.devices("charlie")
        message = self.end_of(self.spoilt(device, EXECUTE, Plan(reset_after_request=60)))
        self.assertEqual((message["state"], message["reason"]), ("UNCONFIRMED", "unknown"))
        self.assertEqual(self.frames_of(device, EXECUTE), [])

    def test_S5_what_the_scef_took_before_the_reset_is_found_in_its_list_and_not_sent_again(self):
        device, = self.devices("delta", state="psm")
        eventually("asleep in the network", lambda: self.stack.ue_state(device) == "psm", 60)
        message = self.spoilt(device, EXECUTE, Plan(reset_after_response=0))
        eventually("it was found", lambda: self.legs(message)[-1] == "net-buffered", 60)
        self.assertEqual(self.frames_of(device, EXECUTE), [])
        self.stack.modem_act(self.modems, device, "update")
        message = self.end_of(message)
        self.assertEqual((message["state"], message["attempts"]), ("DELIVERED", 1))
        self.assertEqual(len(self.frames_of(device, EXECUTE)), 1)

    def test_S5_a_response_that_drips_is_an_answer(self):
        device, = self.devices("echo")
        self.streams.reset_open()
        self.streams.plan = Plan(octets_a_second=2000)
        status, sent = self.send(device, request(*WRITE))
        self.assertEqual(status, 201, sent)
        self.assertEqual(self.end_of(sent["id"])["attempts"], 1)
        self.assertEqual(len(self.frames_of(device, WRITE)), 1)

    def test_N2_after_a_partition_all_goes_once_in_order_and_over_few_connections(self):
        names, count = [f"fleet-{number}" for number in range(6)], 4
        devices = self.devices(*names)
        self.streams.refuse()
        self.addCleanup(self.streams.listen_again)
        sent = {device: [self.send(device, request(*EXECUTE, b"%d" % n))[1]["id"] for n in range(count)]
                for device in devices}
        for ids in sent.values():  # one by one: between two attempts it says so, and not at each
            eventually("the SCEF is found to be away",
                       lambda: "throttled" in self.told(ids[0], "reason"), 60)
        self.streams.most_open = 0
        self.streams.listen_again()
        for device, ids in sent.items():
            ends = [self.end_of(identity) for identity in ids]
            self.assertEqual({end["state"] for end in ends}, {"DELIVERED"})
            payloads = [decode(frame).payload for frame in self.frames_of(device, EXECUTE)]
            self.assertEqual(payloads, [b"%d" % n for n in range(count)])
        self.assertLessEqual(self.streams.most_open, CONNECTIONS)


if __name__ == "__main__":
    unittest.main(verbosity=2)
