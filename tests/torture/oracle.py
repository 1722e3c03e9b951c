"""The judge of a history. It stands outside the adapter: it knows what was promised, what the SCEF was
given, and what the adapter itself says in the end, not how the adapter decides.

`judge(events)` gives the violations of I1 to I10 (docs/reliability.md); an empty list is a clean run.
`python3 oracle.py HISTORY` judges a file.
"""

import collections
import sys

from facts import Facts
from history import read
from rules_of_messages import no_loss, order, repetitions, terminal_states
from rules_of_the_rest import accounting, bounds, liveness, quotas, times_to_live, uplinks

Violation = collections.namedtuple("Violation", "invariant text")

RULES = {
    "I1": ("no loss", no_loss),
    "I2": ("time to live", times_to_live),
    "I3": ("repetitions", repetitions),
    "I4": ("quota", quotas),
    "I5": ("order", order),
    "I6": ("accounting", accounting),
    "I7": ("terminal states", terminal_states),
    "I8": ("bounded", bounds),
    "I9": ("liveness", liveness),
    "I10": ("uplinks", uplinks),
}


def judge(events):
    facts = Facts(events)
    found = [Violation(invariant, text) for invariant, (_, rule) in RULES.items()
             for text in rule(facts)]
    found += [Violation("run", "the adapter died: " + e["text"]) for e in facts.by_kind["died"]]
    if facts.final is None:
        found.append(Violation("run", "the history has no end: it judges nothing"))
    return found


def counts(events):
    """What a run consisted of, for the table at its end."""
    facts = Facts(events)
    states = collections.Counter(m["state"] for m in facts.messages)
    outcomes = collections.Counter(p.outcome for p in facts.posts if p.serial is not None)
    return {
        "kills": len(facts.kills),
        "asked": len(facts.asked),
        "acknowledged": sum(1 for one in facts.asked.values() if one.accepted),
        "messages": len(facts.messages),
        "posts": sum(outcomes.values()),
        "repeated": sum(len(posts) - 1 for posts in facts.posts_of.values()),
        "arrived after the TTL": sum(1 for posts in facts.posts_of.values() for post in posts
                                     if facts.is_late(post)),
        "uplinks taken": len({e["marker"] for e in facts.by_kind["uplink_answer"]
                              if e["code"] == 204 and e.get("marker")}),
        "points": dict(collections.Counter(e["point"] for e in facts.by_kind["killed"])),
        "states": dict(states),
        "outcomes": dict(outcomes),
    }


def main():
    bad = judge(read(sys.argv[1]))
    for violation in bad:
        print(f"{violation.invariant}: {violation.text}")
    print(f"{len(bad)} violations")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
