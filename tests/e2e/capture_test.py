"""One device's datagrams and frames, captured by scef-adapterctl while another device talks too."""

import os
import signal
import struct
import unittest

from e2e import DOMAIN, StackTest
from stack import Program, eventually

GET, CONTENT = 1, 69  # CoAP codes


def blocks(data):
    """Type and body of each block of a pcapng file, whose lengths must agree."""
    place = 0
    while place < len(data):
        kind, length = struct.unpack_from("<II", data, place)
        assert length % 4 == 0 and struct.unpack_from("<I", data, place + length - 4)[0] == length
        yield kind, data[place + 8:place + length - 4]
        place += length
    assert place == len(data), "it ends in the middle of a block"


def packets(file):
    """(interface, source, destination, payload) of each packet."""
    with open(file, "rb") as stream:
        for kind, body in blocks(stream.read()):
            if kind != 6:
                continue
            interface, _, _, length = struct.unpack_from("<IIII", body)
            packet = body[20:20 + length]
            assert packet[0] == 0x45 and packet[9] == 17, "UDP in IPv4"
            ports = struct.unpack_from("!HH", packet, 20)
            ends = [".".join(map(str, packet[12 + 4 * i:16 + 4 * i])) + f":{ports[i]}" for i in (0, 1)]
            yield interface, *ends, packet[28:]


class Capture(StackTest):
    def start_capture(self, external_id, file):
        program = Program("scef-adapterctl", self.stack.ctl_command(
            "devices", "capture", external_id, "--output", file),
                          os.path.join(self.dir, "capture.log"))
        program.start(waits_for_line=False)
        self.addCleanup(program.stop)
        eventually("it captures", lambda: "capturing" in program.log_tail())
        return program

    def test_both_legs_of_one_device_are_written_and_of_no_other(self):
        ids = [f"alpha@{DOMAIN}", f"bravo@{DOMAIN}"]
        for external_id in ids:
            self.stack.provision(external_id, profile="always-on")
        modem = self.stack.start_modems("--device", ids[0], "--device", ids[1])
        self.addCleanup(modem.stop)
        eventually("registered", lambda: {"alpha", "bravo"} <= set(self.stack.clients()))
        file = os.path.join(self.dir, "alpha.pcapng")
        capture = self.start_capture(ids[0], file)
        for name in ("bravo", "alpha"):
            self.assertEqual(self.stack.operate(name, "read", path="/3/0/2")["payload"], name)
        # A live reader sees it before the end.
        eventually("the answer is in the file", lambda: CONTENT in [p[3][1] for p in packets(file)])
        capture.process.send_signal(signal.SIGINT)
        self.assertEqual(capture.process.wait(30), 0)
        capture.process.stdout.close()

        endpoint = self.stack.device(ids[0])["endpoints"][0]["address"]
        server, network, device = "127.0.0.1:5683", "192.0.2.1:5683", "10.0.0.1:5683"
        seen = list(packets(file))
        talk = [(leg, source, to, payload[1]) for leg, source, to, payload in seen if payload[1]]
        self.assertEqual(talk, [(0, server, endpoint, GET), (1, network, device, GET),
                                (1, device, network, CONTENT), (0, endpoint, server, CONTENT)])
        self.assertTrue(seen[-1][3].endswith(b"alpha") or seen[-2][3].endswith(b"alpha"))
        self.assertEqual(b"".join(p[3] for p in seen).count(b"bravo"), 0)
        self.assertIn("CAPTURE_STARTED", self.stack.adapter.log_tail(200))
        with open(os.path.join(self.dir, "capture.log"), encoding="utf-8") as log:
            self.assertIn(f"2 frames of the device leg in {file}", log.read())

    def test_a_device_that_is_not_there_is_said_and_no_file_is_left_open(self):
        program = Program("scef-adapterctl", self.stack.ctl_command(
            "devices", "capture", f"nobody@{DOMAIN}", "--output", os.path.join(self.dir, "none.pcapng")),
                          os.path.join(self.dir, "none.log"))
        program.start(waits_for_line=False)
        self.assertEqual(program.process.wait(30), 1)
        program.process.stdout.close()
        self.assertIn("no such device", program.log_tail())


if __name__ == "__main__":
    unittest.main(verbosity=2)
