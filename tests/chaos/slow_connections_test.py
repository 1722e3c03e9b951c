"""A thousand connections that never finish their request: row L6 of the catalogue of faults. Nothing here is
about how fast others are served; the row `slow` of scripts/bench measures that."""

import collections
import os
import random
import resource
import sys
import unittest

from chaos import ChaosTest
from coap_peer import GET
from e2e import split
from process_faults_test import write
from slow_clients import SlowClients
from stack import call, eventually

CONNECTIONS = 500  # to each listener
DESCRIPTORS = 4096


def setUpModule():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < DESCRIPTORS:
        print(f"skipped: {hard} descriptors at most, {DESCRIPTORS} are needed")
        sys.exit(77)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, DESCRIPTORS), hard))


class SlowConnections(ChaosTest):
    def setUp(self):
        self.seed = int(os.environ.get("SCEF_SEED", random.randrange(1 << 30)))
        print(f"seed {self.seed}")
        name = self._testMethodName[-6:].replace("_", "-")
        self.name = name
        self.device, self.sleeper = self.devices(name, name + "-s")
        self.before = self.timeouts()

    def timeouts(self):
        return {listener: self.metric('http_timeouts_total{listener="%s"}' % listener)
                for listener in ("admin", "notifications")}

    def slow_ones(self, *sources):
        addresses = [split(self.stack.admin), split(self.stack.notifications)]
        clients = SlowClients(addresses, CONNECTIONS, sources, self.seed)
        self.addCleanup(clients.close)
        eventually("all of them are connected", lambda: not any(c.is_new and c.is_open for c in clients.clients))
        return clients

    def others_are_served(self, number):
        self.assertEqual(call("GET", self.stack.api + "/healthz")[0], 200)
        status, message = self.send(self.device, write(number))
        self.assertEqual(status, 201, message)
        self.assertEqual(self.end_of(message["id"])["state"], "DELIVERED")
        self.assertEqual(self.server.ask(self.name, GET, "/3/0/0").text, "2.05")
        self.delivery_status_is_taken(number)

    def delivery_status_is_taken(self, number):
        """The SCEF buffers what is for a device that sleeps, and tells later that it was delivered."""
        sleeper = f"{self.stack.scef_control}/ues/{self.sleeper}"
        self.assertEqual(call("PATCH", sleeper, {"state": "psm"})[0], 200)
        status, message = self.send(self.sleeper, write(number))
        self.assertEqual(status, 201, message)
        eventually("the SCEF has it", lambda: self.message(message["id"])["state"] == "ACCEPTED", 60)
        self.assertEqual(call("PATCH", sleeper, {"state": "connected"})[0], 200)
        self.assertEqual(self.end_of(message["id"])["state"], "DELIVERED")

    def serve_until_the_slow_are_gone(self, clients):
        rounds = 0
        while rounds < 2 or clients.open():
            self.others_are_served(rounds)
            rounds += 1
            self.assertLess(rounds, 200, f"{clients.open()} slow connections are still open")
        return rounds

    def test_L6_a_thousand_slow_connections_end_by_their_time_limit_and_others_are_served_far_ip(self):
        clients = self.slow_ones(*(f"127.0.0.{number}" for number in range(2, 8)))
        self.assertGreater(clients.open(), CONNECTIONS, "they were not there together")
        self.serve_until_the_slow_are_gone(clients)
        statuses = collections.Counter((client.kind, client.status) for client in clients.clients)
        for (kind, status), count in statuses.items():
            self.assertIn(status, (None, 408) if kind == "says nothing" else (408,), (kind, count))
        for listener, count in self.timeouts().items():
            self.assertGreaterEqual(count - self.before[listener], CONNECTIONS * 4 / 5, listener)
        self.assert_adapter_lives()

    def test_L6_from_the_address_that_others_ask_from_they_only_make_room_same_ip(self):
        clients = self.slow_ones("127.0.0.1")
        self.serve_until_the_slow_are_gone(clients)
        self.assertLessEqual({client.status for client in clients.clients}, {None, 408})
        self.assert_adapter_lives()


if __name__ == "__main__":
    unittest.main(verbosity=2)
