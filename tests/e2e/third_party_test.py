"""Programs that nobody here wrote, on both ends: Debian's coap-client as LwM2M server, and a plain
UDP client as the device, through the tap."""

import shutil
import subprocess
import sys
import threading
import unittest

from e2e import DOMAIN, StackTest, coap, split, udp, uri_path
from stack import call, eventually

COAP_CLIENT = shutil.which("coap-client-notls") or shutil.which("coap-client")


class ThirdParty(StackTest):
    def provision(self, name, **fields):
        external_id = f"{name}@{DOMAIN}"
        self.stack.provision(external_id, profile="always-on", **fields)
        eventually("ACTIVE", lambda: self.stack.device(external_id)["niddConfiguration"]["status"]
                   == "ACTIVE")
        return external_id

    def coap_client(self, *arguments):
        done = subprocess.run([COAP_CLIENT, "-B", "20", *arguments], capture_output=True, text=True,
                              timeout=60, check=False)
        return (done.stdout + done.stderr).strip()

    def test_coap_client_reads_and_writes_a_device_as_its_lwm2m_server(self):
        device = self.provision("alpha")
        self.stack.start_modems("--device", device)
        eventually("registered", lambda: "alpha" in self.stack.clients())
        address = self.stack.device(device)["endpoints"][0]["address"]
        # coap-client starts every run with the same token: each run must get its own answer.
        self.assertIn("alpha", self.coap_client(f"coap://{address}/3/0/2"))
        manufacturer = self.coap_client(f"coap://{address}/3/0/0")
        self.assertTrue(manufacturer)
        self.assertNotIn("alpha", manufacturer)
        self.coap_client("-m", "put", "-t", "0", "-e", "1200", f"coap://{address}/1/0/1")
        self.assertEqual(self.coap_client(f"coap://{address}/1/0/1"), "1200")
        self.assertIn("4.04", self.coap_client(f"coap://{address}/9/9/9"))

    def test_coap_client_observes_a_device(self):
        device = self.provision("bravo")
        modems = self.stack.start_modems("--device", device, label="modems-bravo")
        eventually("registered", lambda: "bravo" in self.stack.clients())
        address = self.stack.device(device)["endpoints"][0]["address"]
        observer = subprocess.Popen([COAP_CLIENT, "-s", "6", f"coap://{address}/3303/0/5700"],
                                    stdout=subprocess.PIPE, text=True)
        eventually("the observation is there", lambda: self.modem(modems, device)["observations"])
        call("PUT", f"{modems.api}/devices/{device}/resources/3303/0/5700", {"value": 31.5})
        said, _ = observer.communicate(timeout=30)
        self.assertIn("31.5", said)

    def modem(self, modems, device):
        return call("GET", f"{modems.api}/devices/{device}")[1]

    def test_any_udp_client_is_a_device_through_the_tap(self):
        device = self.provision("charlie")
        modems = self.stack.start_modems("--tap", f"127.0.0.1:0={device}", label="modems-tap")
        tap = split(modems.taps[0].split("=")[0])
        client = udp()
        self.addCleanup(client.close)
        # A Register by hand: POST /rd?ep=charlie&lt=300&lwm2m=1.1&b=U with </3/0>.
        options = uri_path("rd") + b"\x11\x28"  # Content-Format 40
        queries = [b"ep=charlie", b"lt=300", b"lwm2m=1.1", b"b=U"]
        delta = 3
        for query in queries:
            options += bytes([delta << 4 | len(query)]) + query
            delta = 0
        register = coap(0, 2, 0x1001, b"\x01\x02", options, b"</3/0>")
        client.sendto(register, tap)
        answer, _ = client.recvfrom(2000)
        self.assertEqual(answer[:4], bytes([0x62, 0x41, 0x10, 0x01]), answer.hex())  # ACK 2.01
        self.assertIn("charlie", self.stack.clients())

        result = {}
        reader = threading.Thread(target=lambda: result.update(
            self.stack.operate("charlie", "read", path="/3/0/0")))
        reader.start()
        request, _ = client.recvfrom(2000)
        self.assertEqual(request[1], 1)  # GET
        token = request[4:4 + (request[0] & 15)]
        client.sendto(bytes([0x60 | len(token), 0x45]) + request[2:4] + token + b"\xc0\xffACME", tap)
        reader.join(20)
        self.assertEqual((result["code"], result["payload"]), ("2.05", "ACME"))

    def test_coap_client_registers_as_a_device_through_the_tap(self):
        device = self.provision("delta")
        modems = self.stack.start_modems("--tap", f"127.0.0.1:0={device}", label="modems-tap2")
        tap = modems.taps[0].split("=")[0]
        self.coap_client("-m", "post", "-t", "40", "-e", "</1/0>,</3/0>",
                         f"coap://{tap}/rd?ep=delta&lt=300&lwm2m=1.1&b=U")
        self.assertIn("delta", self.stack.clients())


if __name__ == "__main__":
    if COAP_CLIENT is None:
        print("coap-client is not installed (package libcoap3-bin)")
        sys.exit(77)
    unittest.main(verbosity=2)
