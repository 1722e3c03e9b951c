"""Faults of the process and floods: rows F10, F13, F15, S14 and L1 of the catalogue of faults."""

import base64
import concurrent.futures
import datetime
import os
import resource
import signal
import socket
import time
import unittest

from chaos import ChaosTest
from coap_peer import CON, GET, Message, NON, POST, PUT, decode, target
from e2e import split
from stack import call, eventually

RATE = 2  # frames a second
QUOTA = {"downlink": {"messages": f"{RATE}/second", "burst": 1}}


def base64_of(message):
    return base64.b64encode(message.encode()).decode()


def write(number):
    return base64_of(Message(CON, PUT, 1, b"\x01", target("/1/0/1"), b"%d" % (1000 + number)))


def execute(number):
    return base64_of(Message(CON, POST, 1, b"\x01", target("/3/0/12"), b"%d" % number))


class ProcessFaults(ChaosTest):
    def pid(self):
        return self.stack.adapter.process.pid

    def times_on_air(self, device):
        return [datetime.datetime.fromisoformat(entry["time"]).timestamp()
                for entry in self.stack.frames(device)
                if decode(bytes.fromhex(entry["detail"]["data"])).is_request]

    def test_F10_a_stopped_process_sends_no_burst_beyond_the_quota_and_nothing_beyond_its_ttl(self):
        device, = self.devices("alpha", quota=QUOTA)
        messages = [self.send(device, write(number))[1]["id"] for number in range(6)]
        late = self.send(device, execute(1), ttl="2s", priority="low")[1]["id"]
        process = self.stack.adapter.process
        process.send_signal(signal.SIGSTOP)
        stopped = time.monotonic()
        eventually("it stood still for longer than that", lambda: time.monotonic() > stopped + 3)
        process.send_signal(signal.SIGCONT)
        self.assertEqual({self.end_of(message)["state"] for message in messages}, {"DELIVERED"})
        self.assertEqual(self.end_of(late)["state"], "EXPIRED")
        times = self.times_on_air(device)
        self.assertEqual(len(times), len(messages))
        # Between leaving and the air a frame may be late, so a single gap tells nothing.
        after = [at for at in times if at > times[0] + 2]
        self.assertGreaterEqual(after[-1] - after[0], (len(after) - 1) / RATE - 0.3, times)

    def test_F13_without_descriptors_it_does_not_spin_and_what_was_asked_is_answered(self):
        device, = self.devices("bravo")
        self.assertEqual(self.server.ask("bravo", GET, "/3/0/0").text, "2.05")
        limit = len(os.listdir(f"/proc/{self.pid()}/fd")) + 4
        former = resource.prlimit(self.pid(), resource.RLIMIT_NOFILE)
        resource.prlimit(self.pid(), resource.RLIMIT_NOFILE, (limit, former[1]))
        self.addCleanup(resource.prlimit, self.pid(), resource.RLIMIT_NOFILE, former)
        addresses = [split(self.stack.admin), split(self.stack.notifications)]
        with concurrent.futures.ThreadPoolExecutor() as pool:
            connections = [socket.create_connection(address, 20) for address in addresses * 20]
            try:
                eventually("all are in use", lambda: len(os.listdir(f"/proc/{self.pid()}/fd")) >= limit)
                meanwhile = pool.submit(self.server.ask, "bravo", GET, "/3/0/1")
                before, began = self.cpu(), time.monotonic()
                eventually("a second is over", lambda: time.monotonic() > began + 1)
                self.assertLess(self.cpu() - before, (time.monotonic() - began) / 2, "it spins")
            finally:
                for connection in connections:
                    connection.close()
            self.assertEqual(meanwhile.result().text, "2.05")
        eventually("the API answers", lambda: self.stack.device(device)["externalId"] == device)
        self.assertEqual(self.server.ask("bravo", GET, "/3/0/2").text, "2.05")

    def cpu(self):
        """Seconds of processor time that the adapter has used."""
        with open(f"/proc/{self.pid()}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def test_F15_what_was_acknowledged_before_a_sigterm_under_load_comes_to_its_end_once(self):
        names = ["charlie", "delta", "echo"]
        devices = self.devices(*names)
        ends = False

        def load(device):
            taken, number = {}, 0
            while not ends and number < 40:
                try:
                    status, message = self.send(device, execute(number))
                except OSError:
                    break
                if status == 201:
                    taken[number] = message["id"]
                number += 1
            return taken

        with concurrent.futures.ThreadPoolExecutor(len(devices)) as pool:
            loads = [pool.submit(load, device) for device in devices]
            eventually("some have gone", lambda: all(len(self.requests_on_air(d)) > 2 for d in devices))
            self.assertEqual(self.stack.adapter.stop(), 0)
            ends = True
            taken = [each.result() for each in loads]
        self.stack.start_adapter()
        for device, messages in zip(devices, taken):
            states = {number: self.end_of(identity)["state"] for number, identity in messages.items()}
            self.assertLessEqual(set(states.values()), {"DELIVERED", "UNCONFIRMED"})
            numbers = [int(decode(frame).payload) for frame in self.requests_on_air(device)]
            self.assertEqual(len(numbers), len(set(numbers)), "an Execute went twice")
            self.assertLessEqual({n for n, state in states.items() if state == "DELIVERED"}, set(numbers))

    def test_S14_a_flood_of_status_notifications_harms_nobody(self):
        device, = self.devices("foxtrot")
        destination = self.notification_destination(device)
        body = {"niddDownlinkDataTransfer": "/3gpp-nidd/v1/lwm2m-dm/configurations/x/"
                "downlink-data-deliveries/none", "deliveryStatus": "SUCCESS"}

        def flood(_):
            return [call("POST", destination, body, timeout=60)[0] for _ in range(60)]

        with concurrent.futures.ThreadPoolExecutor(10) as pool:
            floods = [pool.submit(flood, n) for n in range(10)]
            asked = 0
            while not all(each.done() for each in floods):
                self.assertEqual(call("GET", self.stack.api + "/healthz")[0], 200)
                self.assertEqual(self.server.ask("foxtrot", GET, "/3/0/0").text, "2.05")
                asked += 1
            statuses = {status for each in floods for status in each.result()}
        self.assertGreater(asked, 0)
        self.assertLessEqual(statuses, {404, 429, 503})
        self.assert_adapter_lives()

    def test_L1_of_uplinks_that_come_all_at_once_none_is_lost_that_was_answered_204(self):
        names = [f"herd-{number}" for number in range(10)]
        devices = self.devices(*names)
        destinations = {device: self.notification_destination(device) for device in devices}

        def wake(device):
            link = "/3gpp-nidd/v1/lwm2m-dm/configurations/" + self.configuration_of(device)
            taken = []
            for number in range(20):
                text = f"{device} {number}".encode()
                frame = Message(NON, POST, 0x6000 + number, b"\x05", target("/dp"), text)
                status, _ = call("POST", destinations[device], {
                    "niddConfiguration": link, "externalId": device, "data": base64_of(frame)}, timeout=60)
                self.assertIn(status, (204, 503))
                taken += [text] if status == 204 else []
            return taken

        with concurrent.futures.ThreadPoolExecutor(len(devices)) as pool:
            taken = {text for texts in pool.map(wake, devices) for text in texts}
        self.assertTrue(taken)
        arrived = lambda: {request.payload for request in self.server.requests if request.path == "/dp"}
        eventually("all of them reach the server", lambda: taken <= arrived(), 90)

    def configuration_of(self, device):
        return self.stack.device(device)["niddConfiguration"]["self"].rstrip("/").rpartition("/")[2]


if __name__ == "__main__":
    unittest.main(verbosity=2)
