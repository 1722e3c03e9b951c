"""Captures of both legs, read by Wireshark's tshark. Skipped where that is not installed."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from e2e import BIN, DOMAIN
from stack import Stack, eventually

TSHARK = shutil.which("tshark")


class Pcap(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="scef-e2e-")
        self.addCleanup(folder.cleanup)
        self.server_leg = os.path.join(folder.name, "server.pcapng")
        self.device_leg = os.path.join(folder.name, "device.pcapng")
        self.stack = Stack(BIN, folder.name, shards=16)
        self.addCleanup(self.check_end)
        self.stack.start_server("--pcap", self.server_leg)
        self.stack.start_scef()
        self.stack.configure()
        self.stack.start_adapter()

    def check_end(self):
        self.assertEqual(self.stack.stop(), [])
        self.assertEqual(self.stack.leaks, [])

    def packets(self, file, *fields):
        """The fields of each packet, with checksums checked."""
        done = subprocess.run(
            [TSHARK, "-n", "-r", file, "-o", "ip.check_checksum:TRUE", "-o",
             "udp.check_checksum:TRUE", "-T", "fields", "-E", "separator=;",
             *(word for field in fields for word in ("-e", field))],
            capture_output=True, text=True, timeout=60, check=True)
        return [tuple(line.split(";")) for line in done.stdout.splitlines()]

    def test_wireshark_reads_coap_on_both_legs(self):
        ids = [f"alpha@{DOMAIN}", f"bravo@{DOMAIN}"]
        for external_id in ids:
            self.stack.provision(external_id)
        self.stack.start_modems("--device", ids[0], "--device", ids[1], "--pcap", self.device_leg,
                                "--pcap-device", ids[0])
        eventually("registered", lambda: {"alpha", "bravo"} <= set(self.stack.clients()))
        self.assertEqual(self.stack.operate("alpha", "read", path="/3/0/2")["payload"], "alpha")

        fields = ("frame.interface_name", "ip.src", "coap.code", "coap.opt.uri_path_recon",
                  "ip.checksum.status", "udp.checksum.status", "_ws.malformed")
        device = self.packets(self.device_leg, *fields)
        self.assertEqual({p[0] for p in device}, {ids[0]}, "of one device only")
        self.assertEqual({p[4:] for p in device}, {("1", "1", "")}, "checksums good, nothing malformed")
        self.assertEqual([p[1:4] for p in device[:2]],
                         [("10.0.0.1", "2", "/rd"), ("192.0.2.1", "65", device[1][3])])
        self.assertIn(("192.0.2.1", "1", "/3/0/2"), [p[1:4] for p in device])
        self.assertEqual(device[-1][1:3], ("10.0.0.1", "69"))

        server = self.packets(self.server_leg, *fields)
        self.assertEqual({p[4:] for p in server}, {("1", "1", "")})
        self.assertIn(("127.0.0.1", "1", "/3/0/2"), [p[1:4] for p in server])
        self.assertEqual(sum(p[2:4] == ("2", "/rd") for p in server), 2, "both devices")


if __name__ == "__main__":
    if TSHARK is None:
        print("tshark is not installed (package tshark)")
        sys.exit(77)
    unittest.main(verbosity=2)
