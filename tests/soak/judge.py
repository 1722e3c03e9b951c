"""The judge of a soak: what a report shows must hold still, and what must not be there. It knows numbers only;
`python3 judge.py REPORT` judges a report again."""

import collections
import json
import statistics
import sys

COLUMNS = ("t", "rss", "fds", "threads", "store", "series", "open", "log")

# A life that is shorter says nothing of growth: it is still filling what it will keep.
LIFE_MIN = 1200.0
MIB = float(1 << 20)

Verdict = collections.namedtuple("Verdict", "name value limit ok")


def warm_up(life_seconds):
    """A quarter of a life, an hour at most: caches, pools of memory and ended messages fill."""
    return min(3600.0, life_seconds / 4)


def slopes(rows):
    """Least squares of y = a + b t + c x over rows (t, x, y): b and c. None if x says the same as t."""
    count = len(rows)
    means = [sum(row[column] for row in rows) / count for column in range(3)]
    t, x, y = ([row[column] - means[column] for row in rows] for column in range(3))
    dot = lambda one, other: sum(a * b for a, b in zip(one, other))
    tt, xx, tx = dot(t, t), dot(x, x), dot(t, x)
    if not tt:
        return None
    if not xx:
        return dot(t, y) / tt, 0.0
    rest = tt * xx - tx * tx
    if rest < 0.05 * tt * xx:
        return None
    return (dot(t, y) * xx - dot(x, y) * tx) / rest, (dot(x, y) * tt - dot(t, y) * tx) / rest


class Stretch:
    """A life after its warm-up."""

    def __init__(self, samples):
        began, ended = samples[0][0], samples[-1][0]
        self.rows = [row for row in samples if row[0] >= began + warm_up(ended - began)]
        self.hours = (self.rows[-1][0] - self.rows[0][0]) / 3600

    def column(self, name):
        at = COLUMNS.index(name)
        return [(row[0], row[at]) for row in self.rows]

    def memory_per_hour(self):
        """Growth of the resident memory that does not come and go with the store's log, which is kept in
        memory until it is flushed; None if the log only grew."""
        rss, log = COLUMNS.index("rss"), COLUMNS.index("log")
        found = slopes([(row[0], row[log], row[rss]) for row in self.rows])
        return found and found[0] * 3600

    def quarter(self, name, which):
        """Median of the first (0) or last (-1) quarter."""
        values = [value for _, value in self.column(name)]
        part = max(1, len(values) // 4)
        return statistics.median(values[:part] if which == 0 else values[-part:])


def judged_stretches(report):
    lives = [life["samples"] for life in report["lives"] if len(life["samples"]) > 8]
    return [Stretch(samples) for samples in lives if samples[-1][0] - samples[0][0] >= LIFE_MIN]


def memory(stretches, sanitized):
    """8 MiB for what an allocator keeps, and 1 MiB an hour, which is what may be left of three days."""
    if sanitized:
        yield Verdict("memory", "not judged: the sanitizer keeps what was freed", "", True)
        return
    for stretch in stretches:
        grown = stretch.memory_per_hour()
        if grown is None:
            yield Verdict("memory", f"not judged: in {stretch.hours:.2f} h the store's log only grew", "", True)
            continue
        allowed = 8 + stretch.hours
        yield Verdict("memory", f"{grown / MIB:+.2f} MiB/h beside the store's log, "
                      f"{grown * stretch.hours / MIB:+.2f} MiB in {stretch.hours:.2f} h", f"{allowed:.1f} MiB",
                      grown * stretch.hours / MIB <= allowed)


def held(stretches, name, title, slack, share):
    """Last quarter against first: what is bounded is the same, but for what happens to be open."""
    for stretch in stretches:
        first, last = stretch.quarter(name, 0), stretch.quarter(name, -1)
        allowed = first * (1 + share) + slack
        yield Verdict(title, f"{first:.0f} at first, {last:.0f} in the end", f"{allowed:.0f}", last <= allowed)


NEVER = (("lost", "messages lost"), ("not ended", "messages that did not end"),
         ("twice", "Executes sent twice"), ("unanswered", "server requests without an answer"),
         ("process", "processes that did not end well, reloads refused"), ("leak", "secrets shown"),
         ("starved", "kinds of work that stood still"))


def judge(report):
    """All verdicts."""
    stretches = judged_stretches(report)
    found = list(memory(stretches, report["sanitized"]))
    found += held(stretches, "fds", "descriptors", 12, 0.1)
    found += held(stretches, "threads", "threads", 1, 0)
    found += held(stretches, "store", "octets of the store", 16 * MIB, 0.25)
    found += held(stretches, "series", "series of /metrics", 8, 0.02)
    if not stretches:
        found.append(Verdict("growth", f"not judged: no life of {LIFE_MIN / 60:.0f} minutes", "", True))
    most = max((row[COLUMNS.index("series")] for life in report["lives"] for row in life["samples"]), default=0)
    found.append(Verdict("most series", most, 2000, 0 < most <= 2000))
    counts = report["ledger"]["counts"]
    for kind, title in NEVER:
        count = counts.get("finding: " + kind, 0)
        found.append(Verdict(title, count, 0, count == 0))
    found.append(Verdict("errors in the log", report["errors"], 0, report["errors"] == 0))
    taken, ended = counts.get("messages taken", 0), counts.get("messages ended", 0)
    found.append(Verdict("messages taken and ended", f"{ended} of {taken}", taken, taken == ended > 0))
    found.append(Verdict("open in the end", report["openInTheEnd"], 0, report["openInTheEnd"] == 0))
    return found


def show(verdicts):
    width = max(len(verdict.name) for verdict in verdicts)
    for verdict in verdicts:
        limit = "" if verdict.limit == "" else f"  (at most {verdict.limit})"
        limit = f"  (all {verdict.limit})" if verdict.name == "messages taken and ended" else limit
        print(f"{'ok' if verdict.ok else 'BAD':<4} {verdict.name:<{width}}  {verdict.value}{limit}")
    good = all(verdict.ok for verdict in verdicts)
    print("no violation" if good else "violations")
    return good


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        return 0 if show(judge(json.load(file))) else 1


if __name__ == "__main__":
    sys.exit(main())
