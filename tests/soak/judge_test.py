"""The judge of a soak against series written by hand: each rule has to be able to fail. Unit tests: no process
is started."""

import random
import unittest

from judge import BUFFERS, COLUMNS, LIFE_MIN, MIB, judge, slope, warm_up
from ledger import GRACE_SECONDS, Ledger
from load import EXECUTE

HOUR = 3600.0


def life(seconds=HOUR, **columns):
    """Samples each ten seconds. A column is a number or a function of the seconds since the life began."""
    still = {"rss": 60 * MIB, "fds": 80, "threads": 20, "store": 8 * MIB, "series": 350, "open": 3, "written": BUFFERS, "log": 30 * MIB}
    columns = still | columns
    value = lambda name, t: columns[name](t) if callable(columns[name]) else columns[name]
    return {"pid": 1, "samples": [[t, *(value(name, t) for name in COLUMNS[1:])]
                                  for t in range(0, int(seconds) + 1, 10)]}


def report(*lives, errors=0, open_in_the_end=0, sanitized=False, **counts):
    taken = {"messages taken": 100, "messages ended": 100}
    findings = {"finding: " + kind.replace("_", " "): count for kind, count in counts.items()}
    return {"lives": list(lives) or [life()], "errors": errors, "openInTheEnd": open_in_the_end,
            "sanitized": sanitized, "ledger": {"counts": taken | findings}}


class SoakJudge(unittest.TestCase):
    def bad(self, one):
        return [verdict.name for verdict in judge(one) if not verdict.ok]

    def assert_bad(self, name, one):
        self.assertEqual(self.bad(one), [name])

    def test_what_holds_still_is_no_violation(self):
        self.assertEqual(self.bad(report()), [])

    def test_what_grows_in_its_warm_up_only_is_no_violation(self):
        self.assertEqual(self.bad(report(life(rss=lambda t: (40 + min(t, 800) / 20) * MIB))), [])

    def test_memory_that_grows_is_found(self):
        self.assert_bad("memory", report(life(rss=lambda t: (60 + t / 200) * MIB)))  # 18 MiB/h

    def test_memory_that_grows_slowly_is_found_in_a_long_life(self):
        slow = lambda t: (60 + 2 * t / HOUR) * MIB  # 2 MiB/h
        self.assertEqual(self.bad(report(life(rss=slow))), [])
        self.assert_bad("memory", report(life(24 * HOUR, rss=slow)))

    def test_noise_and_peaks_are_no_growth(self):
        chance = random.Random(1)
        noise = lambda t: (60 + chance.uniform(-3, 3) + (40 if t % 300 == 0 else 0)) * MIB
        self.assertEqual(self.bad(report(life(rss=noise))), [])

    def test_memory_that_fills_the_buffers_of_the_store_is_no_growth(self):
        full = 2000
        rss = lambda t: (40 + min(t, full) / 60) * MIB
        written = lambda t: BUFFERS * t / full
        self.assertEqual(self.bad(report(life(rss=rss, written=written))), [])
        self.assert_bad("memory", report(life(rss=lambda t: rss(t) + t / 50 * MIB, written=written)))

    def test_memory_is_not_judged_before_they_were_full(self):
        one = report(life(rss=lambda t: (40 + t / 60) * MIB, written=lambda t: BUFFERS * t / 3500))
        self.assertEqual(self.bad(one), [])
        self.assertIn("not judged", next(v.value for v in judge(one) if v.name == "memory"))

    def test_each_life_is_judged_by_itself(self):
        grows = life(rss=lambda t: (60 + t / 100) * MIB)
        self.assert_bad("memory", report(life(), grows, life()))

    def test_the_memory_of_a_sanitizer_is_not_judged(self):
        self.assertEqual(self.bad(report(life(rss=lambda t: (60 + t / 100) * MIB), sanitized=True)), [])

    def test_descriptors_that_are_not_closed_are_found(self):
        self.assert_bad("descriptors", report(life(fds=lambda t: 80 + t // 60)))

    def test_threads_that_stay_are_found(self):
        self.assert_bad("threads", report(life(threads=lambda t: 20 + t // 600)))

    def test_a_store_that_forgets_nothing_is_found(self):
        self.assert_bad("octets of the store", report(life(store=lambda t: (8 + t / 60) * MIB)))

    def test_a_store_that_is_compacted_now_and_then_is_no_violation(self):
        self.assertEqual(self.bad(report(life(store=lambda t: (8 + t % 400 / 80) * MIB))), [])

    def test_a_log_of_the_store_that_is_never_cut_is_found(self):
        self.assert_bad("most octets of its log", report(life(log=lambda t: t / 40 * MIB)))

    def test_series_that_become_more_are_found(self):
        self.assert_bad("series of /metrics", report(life(series=lambda t: 350 + t // 60)))

    def test_too_many_series_are_found(self):
        self.assert_bad("most series", report(life(series=2001)))

    def test_a_report_without_samples_is_no_clean_run(self):
        self.assert_bad("most series", report({"pid": 1, "samples": []}))

    def test_a_life_that_is_too_short_says_nothing_of_growth(self):
        one = report(life(LIFE_MIN - 10, rss=lambda t: (60 + t) * MIB))
        self.assertEqual(self.bad(one), [])
        self.assertIn("growth", [verdict.name for verdict in judge(one)])

    def test_each_finding_is_a_violation(self):
        for kind, name in (("lost", "messages lost"), ("not_ended", "messages that did not end"),
                           ("twice", "Executes sent twice"), ("leak", "secrets shown"),
                           ("unanswered", "server requests without an answer"),
                           ("process", "processes that did not end well, reloads refused"),
                           ("starved", "kinds of work that stood still")):
            with self.subTest(kind):
                self.assert_bad(name, report(**{kind: 1}))

    def test_errors_and_what_stays_open_are_violations(self):
        self.assert_bad("errors in the log", report(errors=1))
        self.assert_bad("open in the end", report(open_in_the_end=1))
        self.assert_bad("open in the end", report(open_in_the_end=None))

    def test_messages_that_were_never_looked_at_are_a_violation(self):
        one = report()
        one["ledger"]["counts"]["messages ended"] = 99
        self.assert_bad("messages taken and ended", one)
        one["ledger"]["counts"] = {}
        self.assert_bad("messages taken and ended", one)

    def test_slopes_and_warm_ups(self):
        self.assertAlmostEqual(slope([(t, 3 * t) for t in range(1000)]), 3)
        self.assertEqual(slope([(0, 1)]), 0)
        self.assertEqual(warm_up(HOUR), HOUR / 4)
        self.assertEqual(warm_up(72 * HOUR), HOUR)


class SoakLedger(unittest.TestCase):
    def setUp(self):
        self.ledger = Ledger()

    def kinds(self):
        return set(self.ledger.facts()["findings"])

    def test_a_message_that_ends_is_counted_by_its_state(self):
        self.ledger.take("a", 10)
        self.ledger.learn("a", 200, "QUEUED")
        self.assertEqual(self.ledger.facts()["open"], 1)
        self.ledger.learn("a", 200, "EXPIRED")
        self.assertEqual(self.ledger.facts()["open"], 0)
        self.assertEqual(self.ledger.facts()["states"], {"EXPIRED": 1})
        self.assertEqual(self.kinds(), set())

    def test_a_message_that_is_not_there_is_lost(self):
        self.ledger.take("a", 10)
        self.ledger.learn("a", 404, None)
        self.assertEqual(self.kinds(), {"lost"})

    def test_a_message_that_outlives_its_ttl_is_found(self):
        self.ledger.take("a", -GRACE_SECONDS)
        self.ledger.learn("a", 200, "SENDING")
        self.assertEqual(self.kinds(), {"not ended"})

    def test_an_execute_on_the_air_twice_is_found_once(self):
        for serial in ("1", "2", "1", "1"):
            self.ledger.on_air(serial)
        self.assertEqual(self.ledger.facts()["counts"], {"finding: twice": 1})

    def test_the_number_of_an_execute_is_read_from_its_frame(self):
        self.assertEqual(EXECUTE.search(b"\x40\x02\x00\x01\xb13\xff0='000000042'").group(1), b"000000042")

    def test_no_answer_is_a_finding_but_around_a_restart(self):
        self.ledger.answered("read", 0, "2.05")
        self.assertEqual(self.kinds(), set())
        self.ledger.down.append([0, float("inf")])
        self.ledger.answered("read", 0, None)
        self.assertEqual(self.kinds(), set())
        self.ledger.down.clear()
        self.ledger.answered("read", 0, None)
        self.assertEqual(self.kinds(), {"unanswered"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
