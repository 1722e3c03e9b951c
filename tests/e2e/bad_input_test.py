"""Malformed datagrams, JSON and HTTP: a clear answer, nothing lost, and the process lives."""

import random
import socket
import unittest

from e2e import DOMAIN, StackTest, coap, split, udp, uri_path
from stack import call, eventually


class BadInput(StackTest):
    def setUp(self):
        self.external_id = f"victim@{DOMAIN}"
        self.stack.provision(self.external_id, profile="always-on")
        eventually("ACTIVE", lambda: self.stack.device(self.external_id)
                   ["niddConfiguration"]["status"] == "ACTIVE")
        self.endpoint = split(self.stack.device(self.external_id)["endpoints"][0]["address"])

    def tearDown(self):
        self.assertTrue(self.stack.adapter.is_running())
        self.assertEqual(call("GET", self.stack.api + "/readyz")[0], 200)

    def ask(self, octets, tries=20, timeout=1.0):
        """The answer, asked for again as a client does: a datagram may get lost in a full buffer."""
        with udp(timeout=timeout) as client:
            for _ in range(tries):
                client.sendto(octets, self.endpoint)
                try:
                    return client.recvfrom(2000)[0]
                except socket.timeout:
                    pass
            return None

    def test_datagrams_get_the_answers_of_rfc_7252(self):
        silent = ["", "40", "400112", "00011234", "80011234", "c0011234", "6000ffff", "7000fffe",
                  "50001236", "60011244", "70011245", "544512460a0b0c0d"]
        for text in silent:
            self.assertIsNone(self.ask(bytes.fromhex(text), tries=1, timeout=0.3), text)
        reset = {"40001235": "70001235", "4100123700": "70001237", "49011239": "70011239",
                 "40201240": "70001240"}
        for text, answer in reset.items():
            got = self.ask(bytes.fromhex(text))
            self.assertIsNotNone(got, text)
            self.assertEqual((got[0], got[1], got[2:4].hex()), (0x70, 0, text[4:8]), text)

    def test_requests_that_are_not_acceptable_get_their_code(self):
        cases = {0x84 - 2: coap(0, 1, 0x2001, b"\x01", b"\x91\x00"),          # 4.02
                 0x85: coap(0, 0x1f, 0x2002, b"\x01"),                       # 4.05
                 0x80: coap(0, 1, 0x2003, b"\x01", uri_path("..")),          # 4.00
                 0xa5: coap(0, 1, 0x2004, b"\x01", b"\xdd\x16\x0b" + b"coap://a.example/abcdefg")}
        for code, octets in cases.items():
            answer = self.ask(octets)
            self.assertIsNotNone(answer, octets.hex())
            self.assertEqual(answer[1], code, octets.hex())

    def test_too_large_is_4_13_with_a_block_hint(self):
        answer = self.ask(coap(0, 3, 0x2100, b"\x07", uri_path("5", "0", "0"), b"x" * 1400))
        self.assertEqual(answer[1], 0x8d)
        self.assertGreater(len(answer), 5)

    def test_random_octets_do_no_harm(self):
        seed = random.randrange(1 << 30)
        print(f"seed {seed}")
        chance = random.Random(seed)
        with udp() as client:
            for _ in range(3000):
                client.sendto(chance.randbytes(chance.randrange(0, 60)), self.endpoint)

    def test_admin_api_refuses_with_problem_documents(self):
        api = self.stack.api + "/api/v1"
        for body in ('{"externalId": 5}', '{"externalId": "no-at-sign"}', "{", "[]", "nul",
                     '{"externalId": "a@b", "surprise": 1}', '{"externalId":"a@b","externalId":"c@d"}',
                     "[" * 100000):
            status, answer = self.post(api + "/devices", body)
            self.assertIn(status, (400, 413), body[:60])
            self.assertIn("title", answer)
        self.assertEqual(self.stack.adapter_call("GET", "/devices/none@here")[0], 404)
        self.assertEqual(self.stack.adapter_call("GET", "/nothing")[0], 404)
        self.assertIn(self.stack.adapter_call("PATCH", "/devices")[0], (404, 405))

    def test_notifications_refuse_what_is_not_theirs(self):
        base = f"http://{self.stack.notifications}/t8/v1/notifications/"
        good = '{"niddConfiguration": "x", "externalId": "victim@iot.example", "data": "QAE="}'
        self.assertEqual(self.post(base + "0" * 44, good)[0], 404)
        self.assertEqual(self.post(base + "short", good)[0], 404)
        self.assertEqual(self.post(base + "0" * 44, "{")[0], 400)
        self.assertEqual(self.post(base + "0" * 44, good, "text/plain")[0], 415)
        self.assertEqual(call("GET", base + "0" * 44)[0], 405)

    def test_http_that_is_ambiguous_is_400_and_closed(self):
        host, port = split(self.stack.notifications)
        for request in (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
                        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
                        b"GET / HTTP/1.1\r\n\r\n",
                        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n"):
            with socket.create_connection((host, port), 5) as client:
                client.sendall(request)
                answer = b""
                while chunk := client.recv(4096):
                    answer += chunk
                self.assertIn(b" 400 ", answer.split(b"\r\n")[0] + b" ", request)

    def post(self, url, text, content_type="application/json"):
        import json
        import urllib.error
        import urllib.request
        request = urllib.request.Request(url, data=text.encode(), method="POST",
                                         headers={"Content-Type": content_type,
                                                  **self.stack.authorization()})
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            body = error.read().decode()
            try:
                return error.code, json.loads(body)
            except ValueError:
                return error.code, body


if __name__ == "__main__":
    unittest.main(verbosity=2)
