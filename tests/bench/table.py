#!/usr/bin/env python3
"""Prints what was measured beside what it is to be: table.py FIGURES.json [--markdown].

FIGURES.json is what scripts/bench writes: {"machine": …, "commit": …, "rows": {row: {name: figure}}}.
A target whose figures are not there is left out."""

import json
import sys


class Figures:
    """The rows of one run; a figure that was not measured raises KeyError."""

    def __init__(self, rows):
        self.rows = rows

    def of(self, row, name):
        return self.rows[row][name]

    def ratio(self, row, name, other, other_row=None):
        return self.rows[row][name] / (self.rows[other_row or row][other] or float("nan"))

    def least_fleet(self):
        return self._fleets()[0]

    def largest_fleet(self):
        return self._fleets()[-1]

    def _fleets(self):
        return [name[:-len("_adapter_us")] for name in self.rows["scale"] if name.endswith("_adapter_us")]


def growth(figures):
    return (figures.of("scale", f"{figures.largest_fleet()}_adapter_us") /
            figures.of("scale", f"{figures.least_fleet()}_adapter_us"))


# What; the figure; at least (">") or at most ("<") so much; the unit.
TARGETS = (
    ("downlink, durable / bare POST loop",
     lambda f: f.ratio("downlink", "durable_per_second", "bare_per_second"), ">", 0.6, "×"),
    ("uplink, durable / bare Beast server",
     lambda f: f.ratio("uplink", "durable_per_second", "bare_per_second"), ">", 0.6, "×"),
    ("downlink, durable / memory store",
     lambda f: f.ratio("downlink", "durable_per_second", "memory_per_second"), ">", 0.5, "×"),
    ("uplink, durable / memory store",
     lambda f: f.ratio("uplink", "durable_per_second", "memory_per_second"), ">", 0.5, "×"),
    ("round trip, durable / memory store",
     lambda f: f.ratio("round-trip", "durable_per_second", "memory_per_second"), ">", 0.5, "×"),
    ("durable commits / append + fdatasync, 1 at a time",
     lambda f: f.ratio("ceilings", "store_1_per_second", "append_1_per_second"), ">", 0.5, "×"),
    ("durable commits / append + fdatasync, 16",
     lambda f: f.ratio("ceilings", "store_16_per_second", "append_16_per_second"), ">", 0.5, "×"),
    ("durable commits / append + fdatasync, 64",
     lambda f: f.ratio("ceilings", "store_64_per_second", "append_64_per_second"), ">", 0.5, "×"),
    ("durable commits / append + fdatasync, 256",
     lambda f: f.ratio("ceilings", "store_256_per_second", "append_256_per_second"), "", 0, "×"),
    ("round trips, durable / lower bare HTTP ceiling",
     lambda f: f.ratio("round-trip", "durable_per_second", "bare_per_second"), ">", 0.4, "×"),
    ("adapter CPU of a round trip / its bare stages",
     lambda f: f.ratio("round-trip", "durable_adapter_us", "bare_us"), "<", 2, "×"),
    ("datagram in → POST out at half load, p50",
     lambda f: f.of("latency", "load_50_to_scef_p50_ms"), "<", 1, "ms"),
    ("datagram in → POST out at half load, p99",
     lambda f: f.of("latency", "load_50_to_scef_p99_ms"), "<", 25, "ms"),
    ("heap of an idle registered device",
     lambda f: f.of("memory", "heap_octets"), "<", 300, "octets"),
    ("resident octets of a queued 100-octet message, payload included",
     lambda f: f.of("restart", "octets_per_queued_message"), "<", 200, "octets"),
    ("resident, all devices and queued messages",
     lambda f: f.of("restart", "full_resident_mb"), "<", 600, "MB"),
    ("restart with all of that: ready", lambda f: f.of("restart", "full_ready_seconds"), "<", 5, "s"),
    ("restart with all of that: first send after it",
     lambda f: f.of("restart", "full_first_send_seconds"), "<", 1, "s"),
    ("adapter CPU of a round trip, largest / least fleet", growth, "<", 1.3, "×"),
    ("overload 5 ×: goodput / maximum",
     lambda f: f.ratio("overload", "goodput_per_second", "maximum_per_second"), ">", 0.9, "×"),
    ("overload 5 ×: refusals p99", lambda f: f.of("overload", "to_refusal_p99_ms"), "<", 20, "ms"),
    ("overload 5 ×: health p99", lambda f: f.of("overload", "health_p99_ms"), "<", 200, "ms"),
    ("overload 5 ×: notifications p99",
     lambda f: f.of("overload", "notification_p99_ms"), "<", 200, "ms"),
    ("1,000 slow connections: health p99 / without",
     lambda f: f.ratio("slow", "beside_health_p99_ms", "alone_health_p99_ms"), "<", 2, "×"),
    ("1,000 slow connections: notifications p99 / without",
     lambda f: f.ratio("slow", "beside_notification_p99_ms", "alone_notification_p99_ms"), "<", 2, "×"),
    ("scrape, largest fleet",
     lambda f: f.of("scale", f"{f.largest_fleet()}_scrape_ms"), "<", 5, "ms"),
)


def judged(rows):
    """(what, target, result, of the target, verdict) of each target that was measured."""
    figures = Figures(rows)
    for what, figure, side, target, unit in TARGETS:
        try:
            result = figure(figures)
        except (KeyError, IndexError):
            continue
        if not side:
            yield what, "reported", f"{result:.2f} {unit}", "", ""
            continue
        met = result >= target if side == ">" else result <= target
        of_target = f"{result / target:.2f}" if result == result else "none"
        yield what, f"{'≥' if side == '>' else '≤'} {target} {unit}", f"{result:.2f} {unit}", of_target, \
            "met" if met else "MISSED"


def table(lines, markdown):
    head = ("what", "target", "result", "result / target", "")
    if markdown:
        rows = [head, tuple("---" for _ in head), *lines]
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)
    widths = [max(len(row[column]) for row in [head, *lines]) for column in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
                     for row in [head, *lines])


def main(arguments):
    files = [argument for argument in arguments if not argument.startswith("--")]
    if len(files) != 1:
        sys.exit(__doc__)
    with open(files[0], encoding="utf-8") as file:
        measured = json.load(file)
    lines = list(judged(measured["rows"]))
    print(table(lines, "--markdown" in arguments) if lines else "no row that has a target was measured")


if __name__ == "__main__":
    main(sys.argv[1:])
