"""The judge of a soak: what a report shows must hold still, and what must not be there. It knows numbers only;
`python3 judge.py REPORT` judges a report again."""

import collections
import json
import statistics
import sys

COLUMNS = ("t", "rss", "fds", "threads", "store", "series", "open", "written", "log")

# A life that is shorter says nothing of growth: it is still filling what it will keep.
LIFE_MIN = 1200.0
MIB = float(1 << 20)
# What is written stays in memory until buffers of 32 MiB are full (db_write_buffer_size of the store); from then
# on it takes the place of what was flushed. So long memory grows by what is written, and says nothing else.
BUFFERS = 32 * MIB
MEMORY_SECONDS_MIN = 480.0
LOG_MAX = 80 * MIB  # the store keeps up to 64 MiB of it (max_total_wal_size), and notices late

Verdict = collections.namedtuple("Verdict", "name value limit ok")


def warm_up(life_seconds):
    """A quarter of a life, an hour at most: caches, pools of memory and ended messages fill."""
    return min(3600.0, life_seconds / 4)


def slope(points):
    """Theil and Sen's: the median of the slopes of all pairs, which a few outliers do not move."""
    points = points[::max(1, len(points) // 250)]
    slopes = [(b[1] - a[1]) / (b[0] - a[0])
              for index, a in enumerate(points) for b in points[index + 1:] if b[0] > a[0]]
    return statistics.median(slopes) if slopes else 0.0


class Stretch:
    """A life after its warm-up."""

    def __init__(self, samples):
        began, ended = samples[0][0], samples[-1][0]
        self.rows = [row for row in samples if row[0] >= began + warm_up(ended - began)]
        self.hours = (self.rows[-1][0] - self.rows[0][0]) / 3600

    def column(self, name):
        at = COLUMNS.index(name)
        return [(row[0], row[at]) for row in self.rows]

    def memory(self):
        """(seconds, resident octets) since the store's buffers were full for the first time."""
        rss, written = COLUMNS.index("rss"), COLUMNS.index("written")
        return [(row[0], row[rss]) for row in self.rows if row[written] >= BUFFERS]

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
        points = stretch.memory()
        seconds = points[-1][0] - points[0][0] if points else 0
        if seconds < MEMORY_SECONDS_MIN:
            yield Verdict("memory", f"not judged: the store's buffers were full for {seconds / 60:.0f} min only",
                          "", True)
            continue
        allowed, grown = 8 + seconds / 3600, slope(points) * seconds / MIB
        yield Verdict("memory", f"{points[-1][1] / MIB:.1f} MiB, {grown:+.2f} MiB in the last "
                      f"{seconds / 3600:.2f} h", f"{allowed:.1f} MiB", grown <= allowed)


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
    found += held(stretches, "store", "octets of the store", 8 * MIB, 0.25)
    found += held(stretches, "series", "series of /metrics", 8, 0.02)
    if not stretches:
        found.append(Verdict("growth", f"not judged: no life of {LIFE_MIN / 60:.0f} minutes", "", True))
    most = lambda name: max((row[COLUMNS.index(name)] for life in report["lives"] for row in life["samples"]),
                            default=0)
    found.append(Verdict("most series", most("series"), 2000, 0 < most("series") <= 2000))
    found.append(Verdict("most octets of its log", most("log"), int(LOG_MAX), most("log") <= LOG_MAX))
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
