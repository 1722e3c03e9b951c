"""The oracle is held against histories written by hand: a clean one, and for each invariant at least one
that breaks it and must be flagged for that and nothing else."""

import copy
import json
import os
import tempfile
import unittest

from history import read
from messages import coap, name_of, request
from oracle import RULES, judge

DEVICE = "free1@torture.example"
WALL = 1_796_000_000.0  # Unix time of t = 0
READ, EXECUTE = "read", "execute"


def wall_text(seconds):
    import datetime
    when = datetime.datetime.fromtimestamp(WALL + seconds, datetime.timezone.utc)
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


class Story:
    """Writes a history, event by event."""

    def __init__(self):
        self.events, self.messages, self.timelines = [], [], []
        self.gauges = {}
        self.numbers = iter(range(1, 1000))
        for device, profile, quota in ((DEVICE, "hears", "default"), ("rated", "hears", "rated"),
                                       ("capped", "hears", "capped"), ("sleeper", "sleeps", "default")):
            self.add(0, "provisioned", device=device, profile=profile, quota=quota)
            self.add(0, "configuration", id="c-" + device, device=device)

    def add(self, t, kind, **fields):
        self.events.append({"t": t, "w": WALL + t, "e": kind, **fields})

    def ask(self, t, serial, device=DEVICE, operation=READ, confirmable=True, status=201):
        """A call of the API and its answer, a tenth of a second later."""
        self.add(t, "api_send", serial=serial, device=device, operation=operation,
                 confirmable=confirmable, ttl=60)
        self.add(t + 0.1, "api_answer", serial=serial, status=status, id=f"id-{serial}",
                 expires=wall_text(t + 60))

    def post(self, t, serial, device=DEVICE, outcome="delivered", answer=True, octets=None, latency=None):
        """A POST and its answer; gives its transfer."""
        transfer = f"t{next(self.numbers)}"
        octets = octets or request(serial, READ, coap.CON, serial, b"")
        self.add(t, "post", transfer=transfer, device=device, data=octets.hex(), serial=serial,
                 latency=latency if latency is not None else int(30), outcome=outcome)
        if outcome == "delivered":
            self.add(t, "air", transfer=transfer, device=device, lost=False, serial=serial)
        if answer:
            self.add(t + 0.01, "post_answer", transfer=transfer, outcome=outcome, status=200, sent=True)
        return transfer

    def answered(self, t, serial, device=DEVICE):
        self.add(t, "uplink", uplink=next(self.numbers), device=device, data="", serial=serial,
                 marker=None)

    def message(self, serial, state="DELIVERED", device=DEVICE, expires=60.0, id=None, states=None):
        id = id or f"id-{serial}"
        self.messages.append({"id": id, "externalId": device, "state": state,
                              "expiresAt": wall_text(expires),
                              "request": f"GET /33000/{name_of(serial)}/1"})
        self.timelines.append((id, [{"state": s, "deviceLeg": "done", "at": wall_text(1)}
                                    for s in states or ["QUEUED", state]]))

    def end(self, final=None, t=50):
        for kind, messages in (("settled", self.messages), ("final", final or self.messages)):
            self.add(t, kind, messages=copy.deepcopy(messages), gauges=dict(self.gauges))
        for id, items in self.timelines:
            self.add(t, "timeline", id=id, items=items)
        return sorted(self.events, key=lambda event: event["t"])


def clean():
    """One message asked for, delivered and answered; one uplink; one kill; a sleeper's message."""
    story = Story()
    story.ask(1, 1)
    story.post(2, 1)
    story.answered(2.1, 1)
    story.message(1)
    story.add(3, "uplink_answer", uplink=1, code=204, marker="u0000001")
    story.add(3.1, "server_received", marker="u0000001", peer="127.64.0.1")
    story.ask(4, 2, device="sleeper")
    story.message(2, "QUEUED", device="sleeper", states=["QUEUED"])
    story.gauges = {'messages_open{scef="scef",state="QUEUED"}': 1.0,
                    'queue_messages{scef="scef",reason="awaiting-window"}': 1.0}
    story.add(5, "killed", life=1, point="time")
    story.add(6, "sleeper", life=2, messages=1)
    story.add(6, "sample", life=2, fds=30, threads=9, rss=50_000_000)
    return story


class Oracle(unittest.TestCase):
    def flags(self, story, invariant, words, **end):
        """The history breaks this invariant, and no other."""
        bad = judge(story.end(**end))
        self.assertEqual({v.invariant for v in bad}, {invariant}, bad)
        self.assertIn(words, " ".join(v.text for v in bad))

    def passes(self, story, **end):
        self.assertEqual(judge(story.end(**end)), [])

    def test_a_clean_history_passes(self):
        self.passes(clean())

    def test_every_invariant_has_a_history_here_that_breaks_it(self):
        tests = " ".join(name for name in dir(self) if name.startswith("test_"))
        for invariant in RULES:
            self.assertIn(f"_{invariant}_", tests)

    # ---- I1

    def test_I1_an_acknowledged_message_is_not_there(self):
        story = clean()
        story.ask(7, 3)
        self.flags(story, "I1", "0 messages of it")

    def test_I1_a_message_acknowledged_by_CoAP_is_not_there(self):
        story = clean()
        story.add(7, "coap_send", serial=3, device=DEVICE, operation=READ, confirmable=True)
        story.add(7.5, "coap_ack", serial=3, code="0.00")
        self.flags(story, "I1", "by coap")

    def test_I1_what_was_refused_or_never_acknowledged_may_be_missing(self):
        story = clean()
        story.ask(7, 3, status=429)
        story.add(8, "coap_send", serial=4, device=DEVICE, operation=READ, confirmable=True)
        story.add(8.5, "coap_ack", serial=4, code="5.03")
        story.add(9, "api_send", serial=5, device=DEVICE, operation=READ, confirmable=True, ttl=60)
        story.add(9.5, "api_lost", serial=5)
        self.passes(story)

    def test_I1_one_key_made_two_messages(self):
        story = clean()
        story.message(1, id="id-other")
        self.flags(story, "I1", "is there 2 times")

    def test_I1_the_same_key_was_answered_with_another_id(self):
        story = clean()
        story.add(7, "api_answer", serial=1, status=200, id="id-other", expires=wall_text(60))
        self.flags(story, "I1", "one Idempotency-Key made")

    def test_I1_the_sleepers_queue_shrank_at_a_restart(self):
        story = clean()
        story.add(7, "sleeper", life=3, messages=0)
        self.flags(story, "I1", "the sleeping device had 0")

    # ---- I2

    def test_I2_a_POST_after_the_end_of_the_TTL(self):
        story = clean()
        story.ask(7, 3)
        story.post(20, 3, latency=0)
        story.message(3, expires=15.0)
        self.flags(story, "I2", "after its TTL")

    def test_I2_a_maximumLatency_beyond_the_TTL(self):
        story = clean()
        story.ask(7, 3)
        story.post(8, 3, latency=60)
        story.message(3, expires=15.0)
        self.flags(story, "I2", "maximumLatency 60")

    def test_I2_a_submission_after_the_TTL_in_the_adapters_own_timeline(self):
        story = clean()
        story.timelines.append(("id-1", [
            {"state": "SENDING", "deviceLeg": "submitting", "at": wall_text(60.001)},
            {"state": "DELIVERED", "deviceLeg": "done", "at": wall_text(60.1)}]))
        self.flags(story, "I2", "was submitted at")

    # ---- I3

    def repeated(self, outcome, operation=READ, between=None, after=3.0, **again):
        story = clean()
        story.ask(7, 3, operation=operation)
        story.post(8, 3, outcome=outcome)
        if between:
            story.add(8.5, **between)
        story.post(8 + after, 3, **again)
        story.answered(8.1 + after, 3)
        story.message(3)
        return story

    LISTED = {"kind": "list", "configuration": "c-" + DEVICE, "sent": True, "transfers": []}

    def test_I3_a_second_POST_that_nothing_permits(self):
        self.flags(self.repeated("delivered", after=1.0), "I3", "nothing permits")

    def test_I3_one_repetition_for_want_of_an_answer_is_permitted_and_no_second(self):
        self.passes(self.repeated("delivered"))
        story = self.repeated("delivered")
        story.post(20, 3)
        self.flags(story, "I3", "nothing permits")

    def test_I3_a_repetition_after_an_explicit_failure_is_permitted(self):
        self.passes(self.repeated("failed", EXECUTE, after=1.0))

    def test_I3_a_repetition_after_doubt_needs_a_look_at_the_list(self):
        self.passes(self.repeated("broken_500", between=self.LISTED, after=1.0))
        self.flags(self.repeated("broken_500", after=1.0), "I3", "nothing permits")

    def test_I3_what_is_not_idempotent_is_never_repeated_after_doubt(self):
        self.flags(self.repeated("broken_500", EXECUTE, between=self.LISTED), "I3", "(execute)")

    def test_I3_a_kill_permits_no_repetition_of_what_is_not_idempotent(self):
        story = self.repeated("delivered", EXECUTE, between=self.LISTED)
        story.add(8.2, "killed", life=2, point="time")
        self.flags(story, "I3", "(execute)")

    def test_I3_other_octets(self):
        other = request(3, READ, coap.CON, 77, b"")
        self.flags(self.repeated("failed", octets=other), "I3", "other octets")

    # ---- I4

    def many(self, device, count, gap):
        story = clean()
        for index in range(count):
            serial = 100 + index
            story.add(7, "api_send", serial=serial, device=device, operation=READ, confirmable=False,
                      ttl=60)
            story.post(8 + index * gap, serial, device=device)
            story.message(serial, device=device)
        return story

    def test_I4_more_than_the_amount_of_an_hour(self):
        self.passes(self.many("capped", 40, 0.5))
        self.flags(self.many("capped", 41, 0.5), "I4", "41 requests in hour")

    def test_I4_faster_than_the_rate(self):
        self.passes(self.many("rated", 40, 0.2))
        self.flags(self.many("rated", 40, 0.1), "I4", "above its rate")

    # ---- I5

    def test_I5_a_later_one_goes_first(self):
        story = clean()
        story.ask(7, 3)
        story.ask(8, 4)
        for t, serial in ((9, 4), (12, 3)):
            story.post(t, serial)
            story.answered(t + 0.1, serial)
            story.message(serial)
        self.flags(story, "I5", f"before {name_of(3)}")

    def test_I5_two_that_were_asked_at_once_may_go_in_either_order(self):
        story = clean()
        story.ask(7, 3)
        story.ask(7.05, 4)
        for t, serial in ((9, 4), (12, 3)):
            story.post(t, serial)
            story.answered(t + 0.1, serial)
            story.message(serial)
        self.passes(story)

    def test_I5_two_requests_of_a_device_under_way(self):
        story = clean()
        story.ask(7, 3)
        story.ask(8, 4)
        story.post(9, 3)
        story.post(9.5, 4)
        story.message(3)
        story.message(4)
        self.flags(story, "I5", "was under way")

    def test_I5_an_answer_to_an_earlier_POST_that_comes_late_makes_way_for_the_next(self):
        story = self.repeated("failed", after=1.0, answer=False)
        story.events = [e for e in story.events if e["e"] != "uplink"]
        story.add(8.1, "uplink", uplink=77, device=DEVICE, data="", serial=3, marker=None)
        story.ask(7.5, 4)
        story.post(9.01, 4)
        story.message(4)
        story.add(9.005, "uplink_answer", uplink=77, code=204, marker=None)
        self.passes(story)
        # Had it come before the second POST left, it would have been told before.
        story.events = [e for e in story.events if e["e"] not in ("settled", "final", "timeline")]
        for event in story.events:
            if event["e"] == "uplink_answer" and event["uplink"] == 77:
                event["t"] = 8.2
        self.flags(story, "I5", "was under way")

    def test_I5_what_arrives_after_its_TTL_had_left_its_place_before(self):
        story = clean()
        story.ask(7, 3)
        story.ask(8, 4)
        story.post(9.3, 4, latency=0)
        story.post(9.4, 3, latency=0)  # submitted before 9, slow on its way
        story.answered(9.5, 3)
        story.message(3, expires=9.0)
        story.message(4)
        self.passes(story)

    # ---- I6

    def test_I6_a_gauge_that_is_not_the_list(self):
        story = clean()
        story.gauges['messages_open{scef="scef",state="QUEUED"}'] = 2.0
        self.flags(story, "I6", "messages_open says")

    def test_I6_a_queue_gauge_that_is_not_the_list(self):
        story = clean()
        story.gauges['queue_messages{scef="scef",reason="awaiting-window"}'] = 0.0
        self.flags(story, "I6", "queue_messages says 0")

    # ---- I7

    def test_I7_an_end_that_changed_at_a_restart(self):
        story = clean()
        final = copy.deepcopy(story.messages)
        story.messages[0]["state"] = "EXPIRED"
        self.flags(story, "I7", "was EXPIRED", final=final)

    def test_I7_an_end_that_changed_in_the_timeline(self):
        story = clean()
        story.timelines[0] = ("id-1", [{"state": s, "deviceLeg": "done", "at": wall_text(1)}
                                       for s in ("QUEUED", "EXPIRED", "DELIVERED")])
        self.flags(story, "I7", "from EXPIRED to DELIVERED")

    def test_I7_UNCONFIRMED_may_still_become_DELIVERED(self):
        story = clean()
        story.timelines[0] = ("id-1", [{"state": s, "deviceLeg": "done", "at": wall_text(1)}
                                       for s in ("QUEUED", "UNCONFIRMED", "DELIVERED")])
        self.passes(story)

    def test_I7_DELIVERED_without_a_delivery(self):
        story = clean()
        story.ask(7, 3)
        story.message(3)
        self.flags(story, "I7", "the SCEF delivered nothing")

    # ---- I8, I9, I10

    def test_I8_too_many_descriptors_threads_or_octets(self):
        for field, value in (("fds", 5000), ("threads", 500), ("rss", 9 << 30)):
            story = clean()
            story.add(7, "sample", **{"life": 3, "fds": 1, "threads": 1, "rss": 1, field: value})
            self.flags(story, "I8", field)

    def test_I9_a_message_that_stays_open_in_the_calm(self):
        story = clean()
        story.ask(7, 3)
        story.post(8, 3)
        story.message(3, "ACCEPTED", states=["QUEUED", "ACCEPTED"])
        story.gauges['messages_open{scef="scef",state="ACCEPTED"}'] = 1.0
        self.flags(story, "I9", "open messages after the calm")

    def test_I9_a_device_that_is_never_served(self):
        story = clean()
        story.ask(7, 3, device="rated")
        story.message(3, "EXPIRED", device="rated")
        self.flags(story, "I9", "was never sent anything")

    def test_I10_an_uplink_that_was_taken_and_not_forwarded(self):
        story = clean()
        story.add(7, "uplink_answer", uplink=9, code=204, marker="u0000009")
        self.flags(story, "I10", "u0000009")

    # ---- The run itself

    def test_a_history_without_an_end_is_no_clean_run(self):
        self.assertEqual([v.invariant for v in judge(clean().events)], ["run"])

    def test_an_adapter_that_died_is_no_clean_run(self):
        story = clean()
        story.add(7, "died", text="life 2 ended by itself with 1")
        self.flags(story, "run", "ended by itself")

    def test_a_history_is_read_from_a_file_and_a_torn_last_line_is_left_out(self):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", delete=False) as file:
            for event in clean().end():
                file.write(json.dumps(event) + "\n")
            file.write('{"t": 60, "e": "po')
        try:
            self.assertEqual(judge(read(file.name)), [])
        finally:
            os.unlink(file.name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
