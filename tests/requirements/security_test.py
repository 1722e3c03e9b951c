"""Security: Tables 8 to 10. The adapter ends no security of others, so most of it must just pass."""

import base64
import os
import random
import shutil
import subprocess
import sys
import threading
import time

import ports
from chain import SLEEPY, ChainTest, main
from coap_peer import (ACCEPT, ACK, CON, CONTENT_FORMAT, GET, OCTETS, POST, PUT, TLV, Message, number,
                       target)
from e2e import make_certificates, make_crl, udp
from stack import call, eventually

OPENSSL = shutil.which("openssl")
SECRET = "0123456789abcdef0123456789abcdef"
CIPHER, OTHER_CIPHER = "PSK-AES128-CBC-SHA256", "PSK-AES256-GCM-SHA384"
HANDSHAKE, ALERT, DATA = 22, 21, 23  # content types of DTLS records


class Security(ChainTest):
    extra = SLEEPY

    @classmethod
    def configure(cls):
        with udp() as probe:
            cls.dtls_server = "127.0.0.1:%d" % probe.getsockname()[1]
        cls.servers = f'  - {{name: dtls, uri: "coap://{cls.dtls_server}"}}\n'
        super().configure()
        cls.add_scef_with_certificate()

    @classmethod
    def add_scef_with_certificate(cls):
        """A second SCEF, for which the adapter asks what its authority has revoked."""
        make_certificates(cls.dir, "scef")
        crl = make_crl(cls.dir, "scef")
        cls.tls_scef = cls.stack.program(
            "scef-simulator", "--listen", f"127.0.0.1:{ports.one()}", "--control",
            f"127.0.0.1:{ports.one()}", "--modem-listen", f"127.0.0.1:{ports.one()}",
            "--tls-certificate", os.path.join(cls.dir, "scef.pem"), "--tls-key",
            os.path.join(cls.dir, "scef.key"), label="scef-tls")
        entry = (f'  - {{name: tls, api_root: "https://{cls.tls_scef.field("t8")}", scs_as_id: lwm2m-dm, '
                 f"domains: [tls.example], auth: {{tls: {{ca_file: {cls.dir}/ca.pem, crl_file: {crl}}}}}}}\n")
        with open(cls.stack.config_file, encoding="utf-8") as file:
            text = file.read()
        with open(cls.stack.config_file, "w", encoding="utf-8") as file:
            file.write(text.replace("scefs:\n", "scefs:\n" + entry))

    # ---- Certificates and time

    def test_PKI_001_a_scef_whose_certificate_was_revoked_is_sent_nothing(self):
        external_id = "revoked@tls.example"
        self.stack.provision(external_id)
        configuration = lambda: self.stack.device(external_id)["niddConfiguration"]
        eventually("the adapter says why", lambda: "certificate revoked" in
                   (self.stack.adapter.log_tail(100)))
        self.assertEqual(configuration()["status"], "PENDING")
        log = f"http://{self.tls_scef.field('control')}/log"
        self.assertEqual(call("GET", log)[1]["entries"], [], "the SCEF was told of a device")
        make_crl(self.dir)  # its certificate is good again, and nothing is restarted
        eventually("ACTIVE", lambda: configuration()["status"] == "ACTIVE", 90)

    def test_PKI_002_a_server_sets_the_clock_of_a_device(self):
        external_id, _ = self.client("clock")
        answer = self.stack.operate("clock", "write", path="/3/0/13", value=2000000000)
        self.assertEqual(answer["code"], "2.04")
        said = self.stack.operate("clock", "read", path="/3/0/13")
        self.assertAlmostEqual(said["payload"], 2000000000, delta=30)
        self.assertEqual([f.path for f in self.requests(external_id)], ["/3/0/13"] * 2)

    def test_PKI_002_a_time_to_live_ends_when_it_should_though_the_adapter_was_down(self):
        device = self.hand_made("absolute", state="psm")
        self.register(device)
        self.falls_asleep(device.external_id)
        ids = {}
        for name, seconds in (("short", 2), ("long", 600)):
            frame = Message(CON, GET, 0, b"", target(f"/3/0/{len(ids)}")).encode()
            ids[name] = self.send(device.external_id, base64.b64encode(frame).decode(),
                                  ttl=seconds)[1]["id"]
        expires = self.message(ids["long"])["expiresAt"]
        self.stack.adapter.kill()
        time.sleep(2.1)
        self.stack.start_adapter()
        eventually("it is expired", lambda: self.message(ids["short"])["state"] == "EXPIRED", 3)
        self.assertEqual(self.message(ids["long"])["expiresAt"], expires, "it began anew")
        self.update(device)
        seen = device.receive(lambda m: m.is_request)
        device.answer(seen, "2.05")
        self.assertEqual(seen.path, "/3/0/1")
        self.assertEqual([f.path for f in self.requests(device.external_id)], ["/3/0/1"])

    def test_PKI_003_a_bootstrap_server_gives_a_device_certificates(self):
        device = self.hand_made("certificates")
        asked = device.request(POST, "/bs?ep=certificates")
        self.bs.answer(self.bs.request_for(POST, "/bs", device.address["bs"]), "2.04")
        self.assertEqual(device.answer_to(asked).text, "2.04")
        certificate = random.Random(1).randbytes(700)
        account = (b"\xc1\x02\x02" + b"\xd0\x04\x02\xbc" + certificate  # mode, own certificate
                   + b"\xc1\x0d\x01\xc1\x0f\x00")  # matching type, certificate usage
        self.ask(self.bs, device, PUT, "/0/1", [(CONTENT_FORMAT, number(TLV))], account, "2.04")
        self.ask(self.bs, device, POST, "/bs", answer="2.04")

    # ---- DTLS of others, through the pipe

    def openssl(self, *arguments):
        process = subprocess.Popen([OPENSSL, *arguments], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.kill)
        deadline = threading.Timer(30, process.kill)  # who reads from it is not left waiting
        deadline.start()
        self.addCleanup(deadline.cancel)
        return process

    def says(self, process, text):
        """Among its messages of its own, it says that line."""
        lines = iter(process.stdout.readline, b"")
        self.assertTrue(any(line == text for line in lines), f"{text} never came")

    def dtls(self, name, server_cipher, client_cipher):
        """A DTLS server, and a DTLS client behind the tap of a device in mode opaque."""
        device = self.hand_made(name, server="dtls", mode="opaque")
        common = ("-dtls1_2", "-psk", SECRET, "-quiet")
        server = self.openssl("s_server", "-accept", self.dtls_server, "-nocert", "-cipher",
                              server_cipher, *common)
        eventually("the DTLS server listens", lambda: self.is_taken(self.dtls_server))
        client = self.openssl("s_client", "-connect", "%s:%d" % device.towards, "-cipher",
                              client_cipher, *common, "-no_ign_eof")
        return device, server, client

    def is_taken(self, address):
        host, port = address.split(":")
        try:
            udp((host, int(port))).close()
            return False
        except OSError:
            return True

    def records(self, external_id, kind):
        """First octets of the frames: the content types of DTLS."""
        details = [entry["detail"] for entry in self.stack.frames(external_id, kind)]
        return [bytes.fromhex(d.get("data", d.get("hex", "")))[0] for d in details]

    def test_TLS_001_TLS_002_a_dtls_session_is_made_used_and_closed_through_the_pipe(self):
        device, server, client = self.dtls("dtls", CIPHER, CIPHER)
        client.stdin.write(b"from the device\n")
        client.stdin.flush()
        self.says(server, b"from the device\n")
        server.stdin.write(b"from the server\n")
        server.stdin.flush()
        self.says(client, b"from the server\n")
        up = self.records(device.external_id, "uplink")
        down = self.records(device.external_id, "downlink")
        self.assertGreaterEqual(up.count(HANDSHAKE), 2)
        self.assertGreaterEqual(down.count(HANDSHAKE), 2)
        self.assertEqual((up.count(DATA), down.count(DATA)), (1, 1))
        client.stdin.close()
        eventually("the closing alert goes up",
                   lambda: ALERT in self.records(device.external_id, "uplink"))

    def test_TLS_002_the_alert_of_a_server_reaches_the_device(self):
        device, _, client = self.dtls("alert", CIPHER, OTHER_CIPHER)
        said = client.communicate(timeout=20)[0]
        self.assertIn(b"alert handshake failure", said)
        self.assertEqual(self.records(device.external_id, "downlink")[-1], ALERT)

    # ---- Secure components

    def test_SCS_2_authentication_data_are_asked_for_and_read_in_order(self):
        device = self.hand_made("portfolio", state="psm")
        self.register(device)
        self.falls_asleep(device.external_id)
        challenge = [(CONTENT_FORMAT, number(0))]
        for method, path, options, payload in (
                (POST, "/16/0/1", challenge, b"0='nonce'"), (GET, "/16/0/2", [], b""),
                (GET, "/16/0/3", [], b"")):
            asked = self.own.request(method, path, options, payload, to=device.address["own"])
            self.own.receive(lambda m, mid=asked.mid: m.kind == ACK and m.mid == mid)
        self.update(device)
        order = []
        for answer in ("2.04", "2.05", "2.05"):
            seen = device.receive(lambda m: m.is_request)
            self.assertIsNone(device.wait(lambda m: m.is_request, 0.3), "it did not wait its turn")
            order.append((seen.code, seen.path))
            device.answer(seen, answer)
        self.assertEqual(order, [(POST, "/16/0/1"), (GET, "/16/0/2"), (GET, "/16/0/3")])

    def test_SCS_3_SCS_4_a_secure_component_is_addressed_like_any_other_object(self):
        device = self.hand_made("component")
        self.register(device)
        seen = {}
        for object_ in ("3", "504"):
            seen[object_] = [
                self.ask(self.own, device, GET, f"/{object_}/0", [(ACCEPT, number(TLV))],
                         answer_options=[(CONTENT_FORMAT, number(TLV))], content=b"\xc1\x00\x01"),
                self.ask(self.own, device, PUT, f"/{object_}/0/1", [(CONTENT_FORMAT, number(OCTETS))],
                         b"\x00\xff", "2.04"),
                self.ask(self.own, device, POST, f"/{object_}/0/2", answer="2.04")]
        for plain, secure in zip(seen["3"], seen["504"]):
            self.assertEqual((plain.kind, plain.code, plain.payload),
                             (secure.kind, secure.code, secure.payload))


if __name__ == "__main__":
    if OPENSSL is None:
        print("openssl is not installed")
        sys.exit(77)
    main()
