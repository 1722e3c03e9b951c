"""The chaos proxy does what it is told, by its seed, and nothing else."""

import collections
import os
import signal
import socket
import subprocess
import sys
import threading
import unittest

import chaos_proxy
from chaos_proxy import DatagramProxy, Plan, StreamProxy, Weather
from stack import eventually

COUNT = 400


class Echo(threading.Thread):
    """A UDP server that sends everything back, and keeps who sent what."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.socket.bind(("127.0.0.1", 0))
        self.seen = []
        self.start()

    def run(self):
        while True:
            octets, peer = self.socket.recvfrom(65535)
            if octets == b"end":
                return
            self.seen.append((octets, peer))
            self.socket.sendto(octets, peer)

    def close(self):
        self.socket.sendto(b"end", self.socket.getsockname())
        self.join()
        self.socket.close()


class Datagrams(unittest.TestCase):
    def setUp(self):
        self.echo = Echo()
        self.addCleanup(self.echo.close)

    def proxy(self, **arguments):
        proxy = DatagramProxy(self.echo.socket.getsockname(), **arguments)
        self.addCleanup(proxy.close)
        return proxy

    def client(self, proxy):
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(client.close)
        client.connect(chaos_proxy.split(proxy.address))
        client.settimeout(20)
        return client

    def numbers_sent(self, proxy, count=COUNT):
        """Sends numbered datagrams, each once the proxy has the one before."""
        client = self.client(proxy)
        for number in range(count):
            client.send(b"%d" % number)
            eventually("the proxy has it", lambda n=number: proxy.counts["requests"] > n, every=0.0005)
        return client

    def losses(self, seed):
        """Which of the datagrams came to upstream."""
        self.echo.seen.clear()
        proxy = self.proxy(requests=Weather(loss=0.3), seed=seed)
        client = self.numbers_sent(proxy)
        proxy.change(chaos_proxy.CALM)
        client.send(b"mark")
        eventually("the last one came", lambda: self.echo.seen[-1:] and self.echo.seen[-1][0] == b"mark")
        came = [octets for octets, _ in self.echo.seen[:-1]]
        self.assertEqual(proxy.counts["lost"], COUNT - len(came))
        return came

    def test_in_calm_weather_all_comes_in_order_both_ways(self):
        client = self.client(self.proxy())
        for number in range(50):
            client.send(b"%d" % number)
            self.assertEqual(client.recv(100), b"%d" % number)
        self.assertEqual([octets for octets, _ in self.echo.seen], [b"%d" % n for n in range(50)])

    def test_clients_stay_distinct_upstream(self):
        proxy = self.proxy()
        first, second = self.client(proxy), self.client(proxy)
        for client, text in ((first, b"a"), (second, b"b"), (first, b"c")):
            client.send(text)
            self.assertEqual(client.recv(100), text)
        peers = {octets: peer for octets, peer in self.echo.seen}
        self.assertEqual(peers[b"a"], peers[b"c"])
        self.assertNotEqual(peers[b"a"], peers[b"b"])

    def test_a_seed_makes_the_same_losses_again(self):
        came = self.losses(7)
        self.assertTrue(COUNT / 2 < len(came) < COUNT * 5 / 6, came)
        self.assertEqual(self.losses(7), came)
        self.assertNotEqual(self.losses(8), came)

    def test_the_same_octets_are_lost_so_often_and_no_more(self):
        proxy = self.proxy(requests=Weather(loss=1, lost_in_a_row=3))
        client = self.client(proxy)
        for number in range(4):
            client.send(b"again")
            eventually("the proxy has it", lambda n=number: proxy.counts["requests"] > n)
        self.assertEqual(client.recv(100), b"again")
        self.assertEqual((len(self.echo.seen), proxy.counts["lost"]), (1, 3))

    def test_duplicates_and_late_ones_arrive_and_are_counted(self):
        proxy = self.proxy(requests=Weather(duplication=0.3, reordering=0.3, reordering_delay=0.05), seed=3)
        self.numbers_sent(proxy)
        eventually("all came", lambda: len(self.echo.seen) == COUNT + proxy.counts["duplicated"])
        came = collections.Counter(octets for octets, _ in self.echo.seen)
        self.assertEqual(set(came), {b"%d" % n for n in range(COUNT)})
        self.assertEqual(sum(n == 2 for n in came.values()), proxy.counts["duplicated"])
        firsts = list(dict.fromkeys(int(octets) for octets, _ in self.echo.seen))
        self.assertNotEqual(firsts, sorted(firsts))
        self.assertTrue(proxy.counts["duplicated"] and proxy.counts["reordered"], proxy.counts)

    def test_a_corrupted_one_differs_in_one_bit(self):
        proxy = self.proxy(responses=Weather(corruption=1))
        client = self.client(proxy)
        client.send(bytes(20))
        self.assertEqual(sum(octet.bit_count() for octet in client.recv(100)), 1)
        self.assertEqual(self.echo.seen[0][0], bytes(20))

    def test_after_a_rebind_answers_come_from_another_port(self):
        proxy = self.proxy()
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(client.close)
        client.settimeout(20)
        former = chaos_proxy.split(proxy.address)
        client.sendto(b"x", former)
        self.assertEqual(client.recvfrom(100)[1], former)
        latter = chaos_proxy.split(proxy.rebind())
        self.assertNotEqual(former, latter)
        client.sendto(b"y", former)
        self.assertEqual(client.recvfrom(100), (b"y", latter))


class Streams(unittest.TestCase):
    def setUp(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.server.close)
        self.server.settimeout(20)

    def proxy(self, *plan):
        proxy = StreamProxy(self.server.getsockname(), *plan)
        self.addCleanup(proxy.close)
        return proxy

    def pair(self, proxy):
        """Both ends of a connection through the proxy."""
        client = socket.create_connection(chaos_proxy.split(proxy.address), 20)
        self.addCleanup(client.close)
        upstream, _ = self.server.accept()
        self.addCleanup(upstream.close)
        upstream.settimeout(20)
        return client, upstream

    def read(self, sock, count):
        octets = b""
        while len(octets) < count and (more := sock.recv(count - len(octets))):
            octets += more
        return octets

    def test_a_plain_one_carries_all_both_ways_and_the_end(self):
        client, upstream = self.pair(self.proxy())
        octets = os.urandom(300000)
        sender = threading.Thread(target=client.sendall, args=(octets,))
        sender.start()
        self.assertEqual(self.read(upstream, len(octets)), octets)
        sender.join()
        upstream.sendall(b"answer")
        self.assertEqual(self.read(client, 6), b"answer")
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(upstream.recv(10), b"")

    def test_a_reset_comes_after_so_many_octets_of_the_request(self):
        client, upstream = self.pair(self.proxy(Plan(reset_after_request=5)))
        client.sendall(b"0123456789")
        self.assertIn(self.read_to_reset(upstream), (b"01234", b""))
        self.assertEqual(self.read_to_reset(client), b"")

    def test_a_reset_comes_after_so_many_octets_of_the_response(self):
        proxy = self.proxy()
        proxy.next_connections(Plan(reset_after_response=5))
        client, upstream = self.pair(proxy)
        client.sendall(b"ask")
        self.assertEqual(self.read(upstream, 3), b"ask")
        upstream.sendall(b"0123456789")
        self.assertIn(self.read_to_reset(client), (b"01234", b""))  # a reset may overtake data
        client, upstream = self.pair(proxy)  # the plan was for one connection
        upstream.sendall(b"0123456789")
        self.assertEqual(self.read(client, 10), b"0123456789")

    def read_to_reset(self, sock):
        octets = b""
        with self.assertRaises(ConnectionResetError):
            while more := sock.recv(100):
                octets += more
        return octets

    def test_a_held_one_passes_nothing_on_and_stays_open(self):
        proxy = self.proxy()
        client, upstream = self.pair(proxy)
        client.sendall(b"a")
        self.assertEqual(self.read(upstream, 1), b"a")
        self.assertEqual(proxy.spoil_open(Plan(hold_response_after=2)), 1)
        upstream.sendall(b"12345")
        self.assertEqual(self.read(client, 2), b"12")
        client.settimeout(0.3)
        with self.assertRaises(TimeoutError):
            client.recv(1)
        client.sendall(b"b")  # the other direction goes on
        self.assertEqual(self.read(upstream, 1), b"b")

    def test_slow_octets_all_come(self):
        client, upstream = self.pair(self.proxy(Plan(octets_a_second=500)))
        upstream.sendall(b"0123456789" * 4)
        self.assertEqual(self.read(client, 40), b"0123456789" * 4)

    def test_who_is_refused_gets_through_again_later(self):
        proxy = self.proxy()
        client, _ = self.pair(proxy)
        proxy.refuse()
        self.assertEqual(self.read_to_reset(client), b"")
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(chaos_proxy.split(proxy.address), 5)
        proxy.listen_again()
        client, upstream = self.pair(proxy)
        upstream.sendall(b"x")
        self.assertEqual(client.recv(1), b"x")


class Program(unittest.TestCase):
    def test_it_tells_address_and_seed_carries_and_ends_on_sigterm(self):
        echo = Echo()
        self.addCleanup(echo.close)
        command = [sys.executable, "-B", chaos_proxy.__file__, "udp", "--upstream",
                   "%s:%d" % echo.socket.getsockname(), "--seed", "5", "--duplication", "1"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
            words = dict(word.split("=") for word in program.stdout.readline().split()[1:])
            self.assertEqual(words["seed"], "5")
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.settimeout(20)
                client.sendto(b"x", chaos_proxy.split(words["udp"]))
                self.assertEqual([client.recv(9) for _ in range(4)], [b"x"] * 4)
            program.send_signal(signal.SIGTERM)
            self.assertEqual(program.wait(20), 0)

    def test_help_and_mistakes(self):
        run = lambda *words: subprocess.run([sys.executable, "-B", chaos_proxy.__file__, *words],
                                            capture_output=True, text=True, check=False)
        self.assertEqual(run("--help").returncode, 0)
        self.assertIn("--reset-after-response", run("tcp", "--help").stdout)
        self.assertEqual(run("udp", "--upstream", "nowhere").returncode, 2)
        self.assertEqual(run("udp", "--upstream", "127.0.0.1:1", "--loss", "3").returncode, 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
