"""The codecs against those of npm: CoAP against coap-packet, TLV against lwm2m-codec."""

import os
import random
import tempfile
import unittest

from codec_lines import Codecs, plain, tagged
from peer import Peer, Refused, require_packages

SEED = int(os.environ.get("SCEF_SEED", "1"))

OPTION_NUMBERS = {
    "If-Match": 1, "Uri-Host": 3, "ETag": 4, "If-None-Match": 5, "Observe": 6, "Uri-Port": 7,
    "Location-Path": 8, "OSCORE": 9, "Uri-Path": 11, "Content-Format": 12, "Max-Age": 14,
    "Uri-Query": 15, "Hop-Limit": 16, "Accept": 17, "Q-Block1": 19, "Location-Query": 20,
    "EDHOC": 21, "Block2": 23, "Block1": 27, "Size2": 28, "Q-Block2": 31, "Proxy-Uri": 35,
    "Proxy-Scheme": 39, "Size1": 60, "Echo": 252, "No-Response": 258, "Request-Tag": 292,
    "OCF-Accept-Content-Format-Version": 2049, "OCF-Content-Format-Version": 2053}

# Why only coap-packet accepts the octets: it takes as much of a value as there is, any number and any
# code, and tokens of more than 8 octets (RFC 8974).
LENIENT = {"token_length", "token_truncated", "code_class", "request_in_ack", "reset_with_code",
           "payload_missing", "empty_non_confirmable", "option_number", "option_truncated"}


class CodecsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = tempfile.NamedTemporaryFile(prefix="peer-codecs-")
        cls.ours = Codecs()
        cls.theirs = Peer("codecs.js", log_file=cls.log.name)

    @classmethod
    def tearDownClass(cls):
        cls.ours.close()
        cls.theirs.stop()
        cls.log.close()

    def setUp(self):
        self.random = random.Random(SEED)

    # ---- CoAP

    def octets(self, most):
        return self.random.randbytes(self.random.randrange(most + 1)).hex()

    def message(self):
        code_class = self.random.choice((0, 2, 4, 5))
        numbers = sorted(self.random.choice((
            self.random.choice(list(OPTION_NUMBERS.values())), self.random.randrange(65536)))
            for _ in range(self.random.randrange(7)))
        return {"type": self.random.randrange(2 if code_class == 0 else 3),
                "code": code_class << 5 | self.random.randrange(1, 32),
                "messageId": self.random.randrange(65536), "token": self.octets(8),
                "options": [[number, self.octets(self.random.choice((4, 13, 270)))]
                            for number in numbers],
                "payload": self.octets(40)}

    def theirs_of(self, octets):
        """What coap-packet reads, with numbers for the names of options; None if it refuses."""
        try:
            message = self.theirs.ask("coapParse", octets=octets)
        except Refused:
            return None
        message["options"] = [[OPTION_NUMBERS.get(name) or int(name), value]
                              for name, value in message["options"]]
        return message

    def test_coap_goes_both_ways(self):
        for _ in range(1500):
            message = self.message()
            octets = self.ours.ask({"encode": "coap", "message": message})["octets"]
            hint = f"SCEF_SEED={SEED} {octets}"
            self.assertEqual(self.theirs_of(octets), message, hint)
            self.assertEqual(self.theirs.ask("coapGenerate", message={
                **message, "options": [[str(n), v] for n, v in message["options"]]}), octets, hint)

    def test_damaged_coap_that_coap_packet_refuses_we_refuse(self):
        accepted = refused = 0
        lenient = set()
        for _ in range(4000):
            octets = bytearray.fromhex(
                self.ours.ask({"encode": "coap", "message": self.message()})["octets"])
            for _ in range(self.random.randrange(3)):
                octets[self.random.randrange(min(len(octets), 24))] = self.random.randrange(256)
            if self.random.random() < 0.2:
                del octets[self.random.randrange(len(octets)):]
            ours = self.ours.ask({"decode": "coap", "octets": octets.hex()})
            theirs = self.theirs_of(octets.hex())
            hint = f"SCEF_SEED={SEED} {octets.hex()} {ours} {theirs}"
            if "message" in ours:
                self.assertEqual(theirs, ours["message"], hint)
                accepted += 1
            elif theirs is None:
                refused += 1
            else:
                self.assertIn(ours["reason"], LENIENT, hint)
                lenient.add(ours["reason"])
        self.assertGreater(accepted, 1000)
        self.assertGreater(refused, 300)
        self.assertIn("code_class", lenient)

    # ---- TLV

    def integer(self):
        """Not those whose highest bit is that of 1, 2 or 4 octets: lwm2m-codec takes the lengths of
        unsigned numbers for them and then refuses to write."""
        octets = self.random.choice((1, 2, 4))
        most = 1 << (8 * octets - 1)
        least = {1: 0, 2: 256, 4: 65536}[octets]
        return self.random.randrange(least, most)

    def device(self):
        """Values of object 3. lwm2m-codec takes the type of a resource instance from the resource that
        has its number: those of 9, 10 and 13 are integers."""
        def text():
            return "".join(self.random.choice("aZ0 äß€") for _ in range(
                self.random.randrange(1, 120)))
        values = {"0": text(), "1": text(), "2": text(), "9": self.integer(), "10": self.integer(),
                  "13": self.integer(), "14": text(),
                  "6": {i: self.integer() for i in ("9", "10", "13")[:self.random.randrange(1, 4)]},
                  "7": {"13": self.integer()}}
        return {key: values[key] for key in sorted(
            self.random.sample(list(values), self.random.randrange(1, 9)), key=int)}

    def records(self, values):
        records = []
        for resource, value in values.items():
            instances = value.items() if isinstance(value, dict) else [(None, value)]
            for instance, one in instances:
                path = f"/3/0/{resource}" + (f"/{instance}" if instance is not None else "")
                records.append({"path": path, "value": tagged(one)})
        return records

    def test_tlv_goes_both_ways(self):
        for _ in range(1500):
            values = self.device()
            records = self.records(values)
            octets = self.ours.encode("tlv", records, "/3/0").hex()
            hint = f"SCEF_SEED={SEED} {octets} {values}"
            self.assertEqual(self.theirs.ask("tlvDecode", path="/3/0", octets=octets), values, hint)
            # Theirs begins with the object instance.
            written = bytes.fromhex(self.theirs.ask("tlvEncode", path="/3/0", value=values))
            self.assertTrue(written.hex().endswith(octets), hint + " " + written.hex())
            back = self.ours.decode("tlv", written, "/3/0")
            self.assertEqual([(one["path"], plain(one["value"])) for one in back["records"]],
                             [(one["path"], plain(one["value"])) for one in records], hint)


if __name__ == "__main__":
    require_packages("coap-packet", "lwm2m-codec")
    unittest.main(verbosity=2)
