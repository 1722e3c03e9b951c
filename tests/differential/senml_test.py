"""SenML CBOR against cbor2, and SenML JSON against Python's json: a few naive lines on top of them say
what a pack means (RFC 8428 4, LwM2M Core TS 7.4.4), and codec_lines has to agree."""

import base64
import io
import json
import math
import os
import random
import re
import sys
import unittest
from decimal import Decimal

from codec_lines import Codecs, plain, tagged

try:
    import cbor2
except ImportError:
    print("cbor2 is not installed (package python3-cbor2)")
    sys.exit(77)

SEED = int(os.environ.get("SCEF_SEED", "1"))
LABELS = {"bver": -1, "bn": -2, "bt": -3, "bu": -4, "bv": -5, "n": 0, "u": 1, "v": 2, "vs": 3,
          "vb": 4, "t": 6, "ut": 7, "vd": 8}
NAMES = {number: name for name, number in LABELS.items()}
VALUES = {"v", "vs", "vb", "vd", "vlo"}


class Refused(Exception):
    """The pack is not one that LwM2M can use."""


def is_number(value):
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def value_of(label, value):
    wanted = {"v": is_number(value), "vb": isinstance(value, bool), "vd": isinstance(value, bytes)}
    if not wanted.get(label, isinstance(value, str)):
        raise Refused(f"{label} is {value!r}")
    return value


def path_of(name):
    if len(name) > 1 and name.endswith("/"):
        name = name[:-1]
    ids = name[name.startswith("/"):].split("/") if name not in ("/", "") else []
    if len(ids) > 4 or not all(re.fullmatch("[0-9]{1,5}", i) and int(i) < 65535 for i in ids):
        raise Refused(f"'{name}' is no path")
    return ids


def read_pack(pack):
    """Paths and values of a pack whose labels are those of JSON."""
    if not isinstance(pack, list) or len(pack) > 256:
        raise Refused("no array")
    base, addend, records = "", 0, []
    for record in pack:
        if not isinstance(record, dict):
            raise Refused("no map")
        for label in record:
            is_integer = isinstance(label, int) and not isinstance(label, bool)
            if not (isinstance(label, str) or is_integer) or str(label).endswith("_"):
                raise Refused(f"label {label!r}")
        for label, right in (("bn", str), ("n", str), ("bver", None), ("bv", None)):
            value = record.get(label, "" if right else 0)
            if not (isinstance(value, str) if right else is_number(value)):
                raise Refused(f"{label} is {value!r}")
        if record.get("bver", 0) > 10:
            raise Refused("version")
        base = record.get("bn", base)
        addend = record.get("bv", addend)
        values = [value_of(label, record[label]) for label in VALUES if label in record]
        if len(values) > 1:
            raise Refused("several values")
        value = values[0] if values else None
        if is_number(value):
            value = float(value) + float(addend) if addend else value
            if not math.isfinite(value):
                raise Refused("not finite")
        records.append((path_of(base + record.get("n", "")), value))
    return records


def from_cbor(octets):
    """Text that is not UTF-8 only matters where it is used: elsewhere it is passed over unread."""
    stream = io.BytesIO(octets)
    pack = cbor2.CBORDecoder(stream, str_errors="replace").decode()
    if stream.read():
        raise Refused("octets behind the pack")
    if not isinstance(pack, list):
        raise Refused("no array")
    for record in pack:
        if isinstance(record, dict):
            if any("\ufffd" in str(record.get(label, "")) for label in (-2, 0, 3, "vlo")):
                raise Refused("not UTF-8")
    return read_pack([{NAMES.get(label, label) if is_number(label) else label: value
                       for label, value in record.items()} if isinstance(record, dict) else record
                      for record in pack])


def from_json(octets):
    pack = json.loads(octets.decode("utf-8"), parse_constant=refuse_constant)
    for record in pack if isinstance(pack, list) else []:
        if isinstance(record, dict) and "vd" in record:
            text = record["vd"]
            if not isinstance(text, str) or not re.fullmatch("[A-Za-z0-9_-]*", text):
                raise Refused("vd")
            record["vd"] = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            if base64url(record["vd"]) != text:
                raise Refused("unused bits of base64 that are not zero (RFC 4648 3.5)")
    return read_pack(pack)


def base64url(octets):
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def refuse_constant(name):
    raise Refused(name)


def same(ours, expected):
    """What codec_lines said against records of read_pack."""
    if len(ours["records"]) != len(expected):
        return False
    for record, (ids, value) in zip(ours["records"], expected):
        mine = plain(record["value"]) if "value" in record else None
        if record["path"] != "/" + "/".join(str(int(i)) for i in ids):
            return False
        if is_number(value):
            if not is_number(mine) or float(mine) != float(value):
                return False
            if isinstance(value, int) and abs(value) < 2 ** 63 and mine != value:
                return False
        elif type(mine) is not type(value) or mine != value:
            return False
    return True


def walk(octets, at, maps):
    """The end of the CBOR item at `at`; the keys of its maps, as octets, go to `maps`."""
    major, information = octets[at] >> 5, octets[at] & 31
    size = {24: 1, 25: 2, 26: 4, 27: 8}.get(information, 0)
    argument = int.from_bytes(octets[at + 1:at + 1 + size], "big") if size else information
    at += 1 + size
    if major in (2, 3) and information != 31:
        return at + argument
    if major == 6:
        return walk(octets, at, maps)
    if major in (0, 1, 7):
        return at
    left = float("inf") if information == 31 else argument
    keys = []
    while left > 0 and octets[at] != 0xff:
        begin, at = at, walk(octets, at, maps)
        if major == 5:
            keys.append(cbor2.loads(octets[begin:at], str_errors="replace"))
            at = walk(octets, at, maps)
        left -= 1
    if major == 5:
        maps.append(keys)
    return at + (information == 31)


def repeats_a_label(octets):
    """Labels have to be unique (RFC 8259 4, RFC 8949 5.6). Of those that are not, the libraries take the
    last, and we refuse those that do not go together."""
    maps = []
    try:
        if octets.startswith(b"["):
            json.loads(octets.decode(), object_pairs_hook=lambda pairs: maps.append(
                [key for key, _ in pairs]))
        else:
            walk(octets, 0, maps)
    except (ValueError, IndexError, RecursionError, cbor2.CBORError):
        return False
    return any(len(set(map(str, keys))) < len(keys) for keys in maps)


def has_another_tag(octets):
    """cbor2 takes many tags for numbers and text; RFC 8428 6 has none but that of decimal fractions."""
    return any(0xc0 <= octet <= 0xdb and octet != 0xc4 for octet in octets)


class SenmlTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.codecs = Codecs()

    @classmethod
    def tearDownClass(cls):
        cls.codecs.close()

    def setUp(self):
        self.random = random.Random(SEED)

    # ---- Drawing packs

    def integer(self):
        return self.random.getrandbits(self.random.randrange(64)) * self.random.choice((1, -1))

    def value(self):
        return self.random.choice((
            self.integer, lambda: self.integer() / self.random.choice((1, 3, 8, 1e9)),
            lambda: float(self.random.randrange(-2048, 2048)) / 8,
            lambda: self.random.random() < 0.5, self.text,
            lambda: self.random.randbytes(self.random.randrange(40))))()

    def text(self):
        return "".join(self.random.choice('aZ09 /"\\\n\t\x7fä€😀\x01') for _ in
                       range(self.random.randrange(30)))

    def label(self, value):
        return {bool: "vb", str: "vs", bytes: "vd"}.get(type(value), "v")

    def pack(self):
        """One that LwM2M may use: a base name, some resources and instances."""
        pack = []
        for index in range(self.random.randrange(1, 8)):
            record, value = {}, self.value()
            if index == 0 or self.random.random() < 0.2:
                record["bn"] = f"/{self.random.randrange(65535)}/{self.random.randrange(300)}/"
            if self.random.random() < 0.2:
                record["bt"] = self.random.choice((1790000000, 1.276020076001e9))
            if self.random.random() < 0.1:
                record["bv"] = self.random.choice((20, -0.5, 0))
            if self.random.random() < 0.2:
                record.update({"u": "Cel", "t": -5})
            if self.random.random() < 0.1:
                record["more"] = [1, {"x": None}, "y"]
            record["n"] = "/".join(str(self.random.randrange(65535))
                                   for _ in range(self.random.randrange(1, 3)))
            if self.random.random() < 0.9:
                record[self.label(value)] = value
            members = list(record.items())
            self.random.shuffle(members)
            pack.append(dict(members))
        return pack

    def cbor(self, pack):
        """In one of the forms that CBOR allows: with half floats or not, in decimal fractions."""
        labelled = [{LABELS.get(label, label): value for label, value in record.items()}
                    for record in pack]
        for record in labelled:
            if isinstance(record.get(2), float) and self.random.random() < 0.3:
                record[2] = Decimal(self.random.randrange(-10 ** 9, 10 ** 9)).scaleb(
                    self.random.randrange(-22, 8))
        octets = cbor2.dumps(labelled, canonical=self.random.random() < 0.5)
        if self.random.random() < 0.3 and len(pack) < 24:
            octets = b"\x9f" + octets[1:] + b"\xff"
        return octets

    # ---- Tests

    def check(self, kind, octets, expected):
        ours = self.codecs.decode(kind, octets)
        self.assertIsNotNone(ours, f"SCEF_SEED={SEED} {octets.hex()}")
        self.assertTrue(same(ours, expected), f"SCEF_SEED={SEED} {octets.hex()} {ours} {expected}")

    def test_cbor_of_cbor2_reads_as_its_pack(self):
        for _ in range(2000):
            octets = self.cbor(self.pack())
            self.check("senml-cbor", octets, from_cbor(octets))

    def test_json_of_python_reads_as_its_pack(self):
        for _ in range(2000):
            pack = self.pack()
            for record in pack:
                if "vd" in record:
                    record["vd"] = base64url(record["vd"])
            octets = json.dumps(pack, ensure_ascii=self.random.random() < 0.5,
                                indent=self.random.choice((None, 2))).encode()
            self.check("senml-json", octets, from_json(octets))

    def test_what_we_write_reads_as_the_same_records(self):
        for _ in range(2000):
            base = f"/{self.random.randrange(65535)}/{self.random.randrange(300)}"
            wanted = [(f"{base}/{self.random.randrange(65535)}", self.value())
                      for _ in range(self.random.randrange(1, 8))]
            records = [{"path": path, "value": tagged(value)} for path, value in wanted]
            under = self.random.choice((base, base.rsplit("/", 1)[0], "/"))
            for kind, read in (("senml-cbor", from_cbor), ("senml-json", from_json)):
                octets = self.codecs.encode(kind, records, under)
                back = [("/" + "/".join(ids), value) for ids, value in read(octets)]
                self.assertEqual(back, wanted, f"SCEF_SEED={SEED} {octets}")

    def damaged(self, octets):
        octets = bytearray(octets)
        for _ in range(self.random.randrange(1, 3)):
            at = self.random.randrange(len(octets))
            octets[at] = self.random.choice((self.random.randrange(256), octets[at] ^ 1))
        return bytes(octets[:self.random.randrange(len(octets))] if self.random.random() < 0.2
                     else octets)

    def agree(self, kind, octets, read, is_known):
        """Counts as 'both', 'none' or 'known'; fails on a difference without a reason."""
        try:
            expected = read(octets)
        except Exception:  # whatever a library raises on what it refuses
            expected = None
        ours = self.codecs.decode(kind, octets)
        if ours is None and expected is None:
            return "none"
        if ours is not None and expected is not None and same(ours, expected):
            return "both"
        self.assertTrue(is_known(octets), f"SCEF_SEED={SEED} {octets.hex()}: {ours} {expected}")
        return "known"

    def run_damaged(self, kind, write, read, is_known):
        counts = {"both": 0, "none": 0, "known": 0}
        for _ in range(4000):
            counts[self.agree(kind, self.damaged(write()), read, is_known)] += 1
        self.assertGreater(counts["both"], 300, counts)
        self.assertGreater(counts["none"], 300, counts)
        self.assertLess(counts["known"], 600, counts)

    def test_damaged_cbor_is_read_by_both_or_by_none(self):
        def is_known(octets):
            return has_another_tag(octets) or repeats_a_label(octets)
        self.run_damaged("senml-cbor", lambda: self.cbor(self.pack()), from_cbor, is_known)

    def test_damaged_json_is_read_by_both_or_by_none(self):
        def write():
            return self.codecs.encode("senml-json", [
                {"path": f"/3/0/{self.random.randrange(99)}", "value": tagged(self.value())}
                for _ in range(self.random.randrange(1, 5))], "/3/0")
        self.run_damaged("senml-json", write, from_json, repeats_a_label)


if __name__ == "__main__":
    unittest.main(verbosity=2)
