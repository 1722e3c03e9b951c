"""The LwM2M client of modem-simulator through the whole chain: bootstrap, and firmware by push and pull."""

import base64
import threading
import unittest
import urllib.request

from e2e import DOMAIN, StackTest, coap, udp, uri_path
from stack import call, eventually

CON, ACK = 0, 2
GET, POST, PUT = 1, 2, 3
CREATED, CONTENT = 0x41, 0x45


def options_of(message):
    """The options of a CoAP message as (number, value)."""
    at, number, options = 4 + (message[0] & 15), 0, []
    while at < len(message) and message[at] != 0xff:
        delta, length = message[at] >> 4, message[at] & 15
        at += 1
        extended = []
        for nibble in (delta, length):
            size = {13: 1, 14: 2}.get(nibble, 0)
            base = {13: 13, 14: 269}.get(nibble, nibble)
            extended.append(base + int.from_bytes(message[at:at + size], "big"))
            at += size
        number += extended[0]
        options.append((number, message[at:at + extended[1]]))
        at += extended[1]
    return options


class FileServer(threading.Thread):
    """An LwM2M server of forty lines: it takes a Register, writes a package URI and serves the package."""

    def __init__(self, package):
        super().__init__(daemon=True)
        self.package = package
        self.socket = udp(timeout=0.2)
        self.uri = "coap://%s:%d" % self.socket.getsockname()
        self.blocks = []
        self.registered_from = None
        self.ended = threading.Event()

    def run(self):
        while not self.ended.is_set():
            try:
                message, peer = self.socket.recvfrom(4096)
            except TimeoutError:
                continue
            if message[1] == POST:
                self.socket.sendto(self.answer(message, CREATED, uri_path_as_location("rd")), peer)
                self.registered_from = peer
            elif message[1] == GET:
                self.socket.sendto(self.block(message), peer)
        self.socket.close()

    def answer(self, request, code, options, payload=b""):
        token = request[4:4 + (request[0] & 15)]
        return coap(ACK, code, int.from_bytes(request[2:4], "big"), token, options, payload)

    def block(self, request):
        options = dict(options_of(request))
        asked = int.from_bytes(options[23], "big")
        exponent = min(asked & 7, 5)  # 512 octets
        number = asked >> 4 if (asked & 7) == exponent else 0
        size = 16 << exponent
        part = self.package[number * size:(number + 1) * size]
        more = (number + 1) * size < len(self.package)
        self.blocks.append(number)
        value = (number << 4 | more << 3 | exponent).to_bytes(2, "big")
        return self.answer(request, CONTENT, b"\xd2\x0a" + value, part)  # Block2 is option 23

    def write_uri(self, text):
        options = uri_path("5", "0", "1") + b"\x10"  # Content-Format 0
        self.socket.sendto(coap(CON, PUT, 0x4242, b"\x07", options, text.encode()),
                           self.registered_from)

    def stop(self):
        self.ended.set()
        self.join(5)


def uri_path_as_location(segment):
    return bytes([0x80 | len(segment)]) + segment.encode()  # Location-Path is option 8


class Client(StackTest):
    @classmethod
    def configure(cls):
        cls.bootstrap_server = cls.stack.program(
            "lwm2m-server-simulator", "--listen", "127.0.0.1:0", "--api", "127.0.0.1:0",
            "--bootstrap", "--bootstrap-server-uri", cls.stack.server_uri, "--bootstrap-lifetime",
            "77s", label="bootstrap-server")
        cls.files = FileServer(b"")
        cls.files.start()
        cls.addClassCleanup(cls.files.stop)
        cls.stack.configure(servers=f"""\
  - {{name: bs, uri: "coap://{cls.bootstrap_server.field("coap")}", bootstrap: true}}
  - {{name: files, uri: "{cls.files.uri}"}}
""")

    def start(self, name, *arguments, **fields):
        external_id = f"{name}@{DOMAIN}"
        self.stack.provision(external_id, profile="always-on", **fields)
        eventually("ACTIVE", lambda: self.stack.device(external_id)["niddConfiguration"]["status"]
                   == "ACTIVE")
        modems = self.stack.start_modems("--device", external_id, *arguments, label=f"modems-{name}")
        self.url = f"{modems.api}/devices/{external_id}"
        self.api = modems.api
        return external_id

    def state(self):
        return call("GET", self.url)[1]

    def package(self, size):
        with urllib.request.urlopen(f"{self.api}/firmware-package?version=2.5&size={size}") as reply:
            return reply.read()

    def test_a_device_bootstraps_and_registers_with_what_it_was_given(self):
        self.start("alpha", "--bootstrap")
        eventually("registered", lambda: "alpha" in self.stack.clients())
        state = eventually("so it says", lambda: self.state()["registered"] and self.state())
        self.assertEqual(state["bootstrap"], {"account": True, "finished": 1, "state": "idle"})
        self.assertEqual(state["registration"]["lifetime"], 77)

    def test_a_server_sends_a_device_to_its_bootstrap_server(self):
        self.start("bravo", "--bootstrap-account")
        eventually("registered", lambda: "bravo" in self.stack.clients())
        self.assertEqual(self.stack.operate("bravo", "execute", path="/1/0/9")["code"], "2.04")
        eventually("bootstrapped and registered anew",
                   lambda: self.state()["bootstrap"]["finished"] == 1 and
                   self.state()["registrations"] == 2)
        self.assertEqual(self.stack.operate("bravo", "read", path="/1/1/1")["payload"], 77)

    def test_firmware_is_pushed_in_blocks_and_installed(self):
        self.start("charlie")
        eventually("registered", lambda: "charlie" in self.stack.clients())
        package = base64.b64encode(self.package(5000)).decode()
        wrote = self.stack.operate("charlie", "write", path="/5/0/0", value=package, contentFormat=42)
        self.assertEqual(wrote["code"], "2.04")
        self.assertEqual(self.state()["firmware"]["state"], "downloaded")
        self.assertEqual(self.stack.operate("charlie", "execute", path="/5/0/2")["code"], "2.04")
        eventually("installed", lambda: self.state()["registrations"] == 2, 30)
        read = self.stack.operate("charlie", "read", path="/3/0/3")
        self.assertEqual(str(read["payload"]), "2.5")

    def test_firmware_is_pulled_from_the_server_that_wrote_its_uri(self):
        self.start("delta", servers=["files"])
        eventually("registered", lambda: self.files.registered_from)
        self.files.package = self.package(5000)
        self.files.write_uri(self.files.uri + "/thermometer")
        eventually("pulled", lambda: self.state()["firmware"]["state"] == "downloaded", 60)
        self.assertEqual(self.files.blocks, list(range((len(self.files.package) + 511) // 512)))

    def test_a_device_that_was_out_of_coverage_tells_what_it_missed(self):
        self.start("echo")
        eventually("registered", lambda: "echo" in self.stack.clients())
        self.assertEqual(self.stack.operate("echo", "observe", path="/3303/0/5700")["code"], "2.05")
        call("POST", self.url + ":offline")
        for value in (30.5, 31.5):
            call("PUT", self.url + "/resources/3303/0/5700", {"value": value})
        call("POST", self.url + ":online")

        def told():
            events = call("GET", f"{self.stack.server_api}/clients/echo/events?format=json")[1]
            return [e for e in events if e["type"] == "NOTIFICATION" and "31.5" in str(e)]
        eventually("told", told)
        self.assertEqual(self.state()["notificationsStored"], 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
