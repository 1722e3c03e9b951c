"""Faults between the LwM2M server and the adapter: rows N1, N3, N4 and N5 of the catalogue of faults."""

import concurrent.futures
import random
import socket
import unittest

from chaos import ChaosTest
from chaos_proxy import CALM, Weather, split
from coap_peer import CON, GET, IPATCH, Message, POST, PUT, SIZE1, TEXT, CONTENT_FORMAT, decode, number, target
from e2e import udp
from stack import call, eventually

STORM = Weather(loss=0.3, duplication=0.2, reordering=0.2, delay_more=0.05)
PAYLOAD = [(CONTENT_FORMAT, number(TEXT))]


class DatagramFaults(ChaosTest):
    def setUp(self):
        print(f"seed {self.datagrams.seed}")
        self.addCleanup(self.datagrams.change, CALM, CALM)

    def ask_in_turn(self, name, count):
        """So many requests to one device, none like another, one after another: the responses."""
        kinds = [lambda n: (PUT, "/1/0/1", PAYLOAD, b"%d" % (1000 + n)),
                 lambda n: (GET, f"/3/0/{n}", [], b""),
                 lambda n: (POST, "/3/0/12", PAYLOAD, b"%d" % n)]
        return [self.server.ask(name, *kinds[n % 3](n)) for n in range(count)]

    def test_N1_in_loss_repetition_and_disorder_each_request_is_one_frame_and_answered_once(self):
        names, count = ["alpha", "bravo", "charlie", "delta"], 9
        devices = self.devices(*names)
        before = len(self.server.responses)
        self.datagrams.change(STORM, STORM)
        with concurrent.futures.ThreadPoolExecutor(len(names)) as pool:
            list(pool.map(lambda name: self.ask_in_turn(name, count), names))
        self.datagrams.change(CALM, CALM)
        for name, device in zip(names, devices):
            self.server.ask(name, GET, "/3/0/17")  # whatever comes late is there before its answer
            self.assertEqual(len(self.requests_on_air(device)), count + 1, device)
        responses = list(self.server.responses.values())[before:]
        self.assertEqual(len(responses), len(names) * (count + 1))
        for copies in responses:
            self.assertEqual(len({(copy.code, copy.payload) for copy in copies}), 1, copies)
        counts = self.datagrams.counts
        self.assertTrue(counts["lost"] and counts["duplicated"] and counts["reordered"], counts)
        self.assertGreater(self.metric("duplicate"), 0)

    def test_N1_uplinks_in_loss_repetition_and_disorder_reach_the_server_once(self):
        device, = self.devices("echo")
        self.server.ask("echo", GET, "/3303/0/5700", [(6, b"")])  # an observation
        self.datagrams.change(STORM, STORM)
        for value in range(40, 44):
            known = self.notifications("echo")
            call("PUT", f"{self.modems.api}/devices/{device}/resources/3303/0/5700", {"value": value + 0.5})
            eventually("the server was told", lambda: self.notifications("echo") - known, 90)
        for count in range(1, 4):
            self.stack.modem_act(self.modems, device, "update")
            eventually("the server has it", lambda: self.updates("echo") >= count, 90)
        self.datagrams.change(CALM, CALM)
        self.server.ask("echo", GET, "/3/0/17")  # whatever comes late is there before its answer
        self.assertEqual(self.updates("echo"), 3)

    def updates(self, name):
        return sum(request.path == f"/rd/{name}" for request in self.server.requests)

    def notifications(self, name):
        return {copy.payload for copies in self.server.responses.values() for copy in copies
                if copy.peer == self.server.clients[name] and copy.uint(6) is not None}

    def test_N1_corrupted_datagrams_do_no_harm(self):
        device, = self.devices("foxtrot")
        self.datagrams.change(Weather(corruption=0.5), Weather(corruption=0.5))
        seen = self.datagrams.counts["corrupted"]
        chance = random.Random(self.datagrams.seed)
        while self.datagrams.counts["corrupted"] < seen + 60:
            octets = Message(CON, GET, chance.randrange(65536), chance.randbytes(4),
                             target(f"/3/0/{chance.randrange(20)}")).encode()
            self.server.socket.sendto(octets, self.server.clients["foxtrot"])
        self.datagrams.change(CALM, CALM)
        self.assert_adapter_lives()
        # What many have become is for nobody, and may fill the device's queue.
        self.stack.adapter_call("DELETE", f"/devices/{device}/messages")
        eventually("nothing waits", lambda: self.stack.device(device)["queue"]["messages"] == 0, 90)
        self.assertEqual(self.server.ask("foxtrot", PUT, "/1/0/1", PAYLOAD, b"4000").text, "2.04")

    def test_N3_a_server_behind_a_new_port_is_answered_there(self):
        device, = self.devices("golf")
        self.stack.adapter_call("POST", f"/devices/{device}:pause")
        endpoint = split(self.stack.device(device)["endpoints"][0]["address"])
        request = Message(CON, GET, 0x4D01, b"\x01\x02", target("/3/0/0"))
        other = Message(CON, PUT, 0x4D01, b"\x01\x03", target("/1/0/1") + PAYLOAD, b"5000")
        with udp(timeout=60) as former, udp(timeout=60) as latter:
            former.sendto(request.encode(), endpoint)
            self.assertEqual(decode(former.recv(2000)).code, 0)  # custody
            latter.sendto(request.encode(), endpoint)   # the same question from its new port
            self.assertEqual(decode(latter.recv(2000)).code, 0)
            latter.sendto(other.encode(), endpoint)     # and the message id for something else
            eventually("both wait", lambda: self.stack.device(device)["queue"]["messages"] == 2)
            self.stack.adapter_call("POST", f"/devices/{device}:resume")
            answers = self.separate_answers(latter, endpoint, 2)
        self.assertEqual({token: answer.text for token, answer in answers.items()},
                         {b"\x01\x02": "2.05", b"\x01\x03": "2.04"})
        self.assertEqual([decode(frame).code for frame in self.requests_on_air(device)], [GET, PUT])

    def test_N3_after_the_port_of_the_server_changed_the_device_is_served(self):
        device, = self.devices("hotel")
        self.assertEqual(self.server.ask("hotel", GET, "/3/0/0").text, "2.05")
        self.datagrams.rebind()
        self.assertEqual(self.server.ask("hotel", GET, "/3/0/1").text, "2.05")
        self.stack.modem_act(self.modems, device, "update")
        eventually("an Update came", lambda: any(m.path == "/rd/hotel" for m in self.server.requests))
        self.assertEqual(len(self.requests_on_air(device)), 2)

    def separate_answers(self, sock, endpoint, count):
        answers = {}
        while len(answers) < count:
            message = decode(sock.recv(2000))
            if message.code:
                answers[message.token] = message
            if message.kind == CON:
                sock.sendto(Message(2, 0, message.mid).encode(), endpoint)
        return answers

    def test_N4_oversize_datagrams_are_refused_by_4_13_or_dropped(self):
        device, = self.devices("india")
        endpoint = split(self.stack.device(device)["endpoints"][0]["address"])
        for mid, size in enumerate((1359, 1473, 2048, 9000, 40000, 65400), 0x5000):
            octets = Message(CON, PUT, mid, b"\x09", target("/5/0/0"), bytes(size)).encode()
            self.assertIn(self.answer_or_none(octets, endpoint), ((0x8D, True), None), size)
        for size in (1473, 9000, 65507):  # no CoAP at all
            self.assertIsNone(self.answer_or_none(b"\xff" * size, endpoint), size)
        self.assert_adapter_lives()
        self.assertEqual(self.server.ask("india", GET, "/3/0/0").text, "2.05")
        self.assertEqual(len(self.requests_on_air(device)), 1)

    def answer_or_none(self, octets, endpoint):
        """(code, whether it names a size) or None."""
        with udp(timeout=0.5) as client:
            client.sendto(octets, endpoint)
            try:
                answer = decode(client.recv(2000))
                return answer.code, answer.uint(SIZE1) is not None
            except socket.timeout:
                return None

    def test_N5_what_a_closed_port_refuses_arrives_when_the_server_is_back(self):
        device, = self.devices("juliett")
        before = self.updates("juliett")
        self.datagrams.refuse()  # the kernel answers the adapter by ICMP
        sent = self.stack.frames(device, "uplink")
        self.stack.modem_act(self.modems, device, "update")
        eventually("the adapter has it", lambda: len(self.stack.frames(device, "uplink")) > len(sent))
        self.assertEqual(self.updates("juliett"), before)
        self.datagrams.listen_again()
        eventually("it arrives", lambda: self.updates("juliett") > before, 60)
        self.assertEqual(self.server.ask("juliett", GET, "/3/0/0").text, "2.05")


if __name__ == "__main__":
    unittest.main(verbosity=2)
