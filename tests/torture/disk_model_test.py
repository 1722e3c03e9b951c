"""The model of a disk and the reader of traces, on a few lines each: what was synced is always there, what was
not may be missing, torn, or there; a lying sync loses it."""

import os
import random
import tempfile
import unittest

from disk_model import SECTOR, Disk, write_out
from disk_trace import Operation, Trace, UnknownCall

LOG = "/store/a.log"


def operations(*rows):
    """(kind, path, data or nothing) in their order."""
    offsets, made = {}, []
    for place, (kind, path, *data) in enumerate(rows):
        octets = data[0] if data else b""
        made.append(Operation(kind, path, place, place, float(place), data=octets,
                              offset=offsets.get(path, 0), target=octets))
        if kind == "write":
            offsets[path] = offsets.get(path, 0) + len(octets)
    return made


def states(made, place, count=300, **options):
    disk = Disk("/store", made)
    chance = random.Random(7)
    return [disk.state(place, chance, **options) for _ in range(count)]


class Model(unittest.TestCase):
    TWO = operations(("create", LOG), ("sync", "/store"), ("write", LOG, b"a" * 1000), ("sync", LOG),
                     ("write", LOG, b"b" * 2000))

    def test_what_was_synced_is_always_there(self):
        for state in states(self.TWO, 4):
            self.assertEqual(state[LOG][:1000], b"a" * 1000)

    def test_what_was_not_may_be_missing_or_whole_or_torn_at_a_sector(self):
        sizes = {len(state[LOG]) for state in states(self.TWO, 4)}
        self.assertTrue({1000, 1024, 3000} <= sizes, sizes)
        self.assertTrue(all(size in (1000, 3000) or size % SECTOR == 0 for size in sizes), sizes)

    def test_what_was_not_written_yet_is_never_there(self):
        self.assertEqual({len(state[LOG]) for state in states(self.TWO, 3)}, {1000})

    def test_a_write_that_began_before_the_sync_ended_is_not_covered_by_it(self):
        made = operations(("create", LOG), ("sync", "/store"), ("sync", LOG), ("write", LOG, b"c" * 600))
        made[2].began, made[2].ended = 1, 4  # the sync goes on around the write
        self.assertIn(0, {len(state[LOG]) for state in states(made, 4)})

    def test_a_sync_that_lies_loses_what_it_should_have_kept(self):
        self.assertIn(0, {len(s[LOG]) for s in states(self.TWO, 3, lies=frozenset([self.TWO[3]]))})

    def test_only_without_order_a_file_has_holes(self):
        made = operations(("create", LOG), ("sync", "/store"), ("write", LOG, b"d" * 4096))
        has_hole = lambda state: b"\0" in state[LOG]
        self.assertFalse(any(map(has_hole, states(made, 2))))
        self.assertTrue(any(map(has_hole, states(made, 2, ordered=False))))

    def test_names_come_back_in_their_order_up_to_some_and_all_before_a_sync_of_the_folder(self):
        made = operations(("create", "/store/1"), ("sync", "/store"), ("create", "/store/2"),
                          ("create", "/store/3"))
        seen = {tuple(sorted(state)) for state in states(made, 3)}
        self.assertEqual(seen, {("/store/1",), ("/store/1", "/store/2"),
                                ("/store/1", "/store/2", "/store/3")})

    def test_a_renamed_file_keeps_its_content_and_replaces_the_other(self):
        made = operations(("create", "/store/new"), ("write", "/store/new", b"new"), ("sync", "/store/new"),
                          ("create", "/store/name"), ("rename", "/store/new", "/store/name"),
                          ("sync", "/store"))
        self.assertEqual(states(made, 5, count=1), [{"/store/name": b"new"}])

    def test_a_state_is_laid_down_in_another_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            write_out({"/store": None, "/store/deep/file": b"x"}, "/store", folder)
            with open(os.path.join(folder, "deep", "file"), "rb") as file:
                self.assertEqual(file.read(), b"x")


class Reading(unittest.TestCase):
    def read(self, *lines):
        trace = Trace("/store")
        with tempfile.NamedTemporaryFile("w", suffix=".log", delete=False) as file:
            file.write("".join(line + "\n" for line in lines))
        try:
            trace.read(file.name)
        finally:
            os.unlink(file.name)
        return trace.operations

    OPEN = r'7 10.0 openat(AT_FDCWD</>, "\x2f\x73\x74\x6f\x72\x65\x2f\x61", O_WRONLY|O_CREAT, 0644) = 5</store/a> <0.1>'

    def test_writes_go_behind_each_other_and_end_when_their_call_ended(self):
        made = self.read(self.OPEN, r'7 11.0 write(5</store/a>, "\x41\x42", 2) = 2 <0.5>',
                         r'8 12.0 write(5</store/a>, "\x43", 1) = 1 <0.5>',
                         r'7 13.0 fdatasync(5</store/a>) = 0 <0.5>')
        self.assertEqual([(o.kind, o.offset, o.data) for o in made],
                         [("create", 0, b""), ("write", 0, b"AB"), ("write", 2, b"C"), ("sync", 0, b"")])
        self.assertEqual(made[-1].time, 13.5)

    def test_a_call_that_others_interrupt_begins_at_its_first_line(self):
        made = self.read(self.OPEN, '7 11.0 fdatasync(5</store/a> <unfinished ...>',
                         r'8 12.0 write(5</store/a>, "\x43", 1) = 1 <0.5>',
                         '7 13.0 <... fdatasync resumed>) = 0 <2.0>')
        self.assertEqual([(o.kind, o.began, o.ended) for o in made[1:]], [("write", 3, 3), ("sync", 2, 4)])

    def test_a_write_that_a_kill_cut_short_may_have_been_done(self):
        made = self.read(self.OPEN, r'8 12.0 write(5</store/a>, "\x43", 1 <unfinished ...>')
        self.assertEqual(made[-1].data, b"C")

    def test_what_failed_and_what_is_elsewhere_is_left_out(self):
        self.assertEqual(self.read(r'7 11.0 write(6</tmp/b>, "\x41", 1) = 1 <0.5>',
                                   r'7 12.0 write(5</store/a>, "\x41", 1) = -1 EIO (Input/output error) <0.5>'), [])

    def test_a_call_that_the_model_does_not_know_is_not_passed_over(self):
        with self.assertRaises(UnknownCall):
            self.read(self.OPEN, r'7 11.0 pwritev(5</store/a>, [{iov_base="\x41", iov_len=1}], 1, 0) = 1 <0.5>')


if __name__ == "__main__":
    unittest.main(verbosity=2)
