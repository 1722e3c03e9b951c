"""Debian's libcoap at both ends: coap-server as a device behind the tap of modem-simulator, and
coap-client as whoever asks it, with the adapter, the SCEF and the air between them."""

import os
import random
import socket
import subprocess
import unittest

import ports
from chain import ChainTest
from peer import require_program
from stack import eventually

CLIENT = ("coap-client-notls", "coap-client")
SERVER = ("coap-server-notls", "coap-server")


class Libcoap(ChainTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.external_id = "libcoap@iot.example"
        cls.stack.provision(cls.external_id, profile="always-on")
        modems = cls.stack.start_modems("--tap", f"127.0.0.1:0={cls.external_id}")
        tap = modems.taps[0].split("=")[0]
        port = str(ports.one())
        # Frames for the device go to who spoke last: a Register from the port of the server.
        cls.registered = cls.coap_client("-p", port, "-m", "post", "-t", "40", "-e", "</3/0>",
                                         f"coap://{tap}/rd?ep=libcoap&lt=300&lwm2m=1.1&b=U")
        cls.device = subprocess.Popen(
            [require_program(*SERVER), "-A", "127.0.0.1", "-p", port, "-d", "10"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        eventually("coap-server listens", lambda: not ports.is_free(int(port), socket.SOCK_DGRAM))
        cls.address = cls.stack.device(cls.external_id)["endpoints"][0]["address"]

    @classmethod
    def tearDownClass(cls):
        cls.device.terminate()
        cls.device.wait(10)
        super().tearDownClass()

    @classmethod
    def coap_client(cls, *arguments):
        done = subprocess.run([require_program(*CLIENT), "-B", "60", *arguments],
                              capture_output=True, timeout=110, check=False)
        return done.stdout + done.stderr

    def ask(self, path, *arguments):
        return self.coap_client(*arguments, f"coap://{self.address}{path}")

    def test_it_registers(self):
        self.assertIn("libcoap", self.stack.clients())

    def test_what_is_written_is_read_and_deleted(self):
        self.ask("/1/0/1", "-m", "put", "-t", "0", "-e", "1234")
        self.assertEqual(self.ask("/1/0/1").strip(), b"1234")
        self.ask("/1/0/1", "-m", "delete")
        self.assertIn(b"4.04", self.ask("/1/0/1"))

    def test_ten_kilobytes_go_there_and_back_in_blocks(self):
        file = os.path.join(self.dir, "ten")
        octets = random.Random(7).randbytes(10_000)
        with open(file, "wb") as out:
            out.write(octets)
        self.ask("/19/0/0", "-m", "put", "-t", "42", "-b", "512", "-f", file)
        back = os.path.join(self.dir, "back")
        self.ask("/19/0/0", "-b", "512", "-o", back)
        with open(back, "rb") as read:
            self.assertEqual(read.read(), octets)

    def test_its_time_is_observed(self):
        observer = subprocess.Popen(
            [require_program(*CLIENT), "-s", "30", f"coap://{self.address}/time"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        os.set_blocking(observer.stdout.fileno(), False)
        said = b""

        def notified():
            nonlocal said
            said += observer.stdout.read() or b""
            return said.count(b":") >= 6  # three times of day
        try:
            eventually("three notifications", notified, 25)
        finally:
            observer.kill()
            observer.wait()
            observer.stdout.close()


if __name__ == "__main__":
    require_program(*CLIENT)
    require_program(*SERVER)
    unittest.main(verbosity=2)
