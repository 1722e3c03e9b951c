#!/usr/bin/env python3
"""Joins what the benchmarks wrote into one JSON text: collect.py MACHINE COMMIT FILE..."""

import json
import os
import re
import sys

MEMORY_ROW = re.compile(r"^(provision|register|observe)\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)$", re.M)


def micro(program, measured):
    """Rows of google-benchmark: nanoseconds, and how many a second."""
    rows = {}
    for one in measured["benchmarks"]:
        rows[f"{program}/{one['name']}"] = {
            name: one[name] for name in ("cpu_time", "real_time", "items_per_second") if name in one}
    return rows


def memory(text):
    """The table of engine_memory_bench: of an idle registered device, then of each step."""
    row = {}
    for step, heap, resident, microseconds in MEMORY_ROW.findall(text):
        row |= {f"{step}_heap_octets": float(heap), f"{step}_resident_octets": float(resident),
                f"{step}_engine_us": float(microseconds)}
    if "register_heap_octets" in row:
        row["heap_octets"] = row["register_heap_octets"]
    return row


def main(machine, commit, *files):
    rows = {}
    for path in files:
        program = os.path.basename(path).removesuffix(".measured")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if program == "engine_memory_bench":
            rows["memory"] = memory(text)
        elif program == "load_bench":
            rows |= json.loads(text)
        else:
            rows |= micro(program, json.loads(text))
    json.dump({"machine": machine, "commit": commit, "rows": rows}, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main(*sys.argv[1:])
