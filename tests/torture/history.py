"""The history of a run: what the peers sent, were told and received, in one order, as JSON lines.

Every event has `t` (seconds, monotonic), `w` (Unix time) and `e`, its kind; the rest belongs to the kind.
The README has the table of kinds. Who judges a history (oracle.py) needs nothing else.
"""

import json
import time


class History:
    """Appends events to a file and keeps them. One thread."""

    def __init__(self, path):
        self.path = path
        self.events = []
        self.file = open(path, "w", encoding="utf-8")

    def add(self, kind, **fields):
        event = {"t": round(time.monotonic(), 6), "w": round(time.time(), 6), "e": kind, **fields}
        if self.file.closed:  # the run is over
            return event
        self.events.append(event)
        self.file.write(json.dumps(event, separators=(",", ":")) + "\n")
        return event

    def close(self):
        self.file.close()


def read(path):
    """The events of a file. A torn last line (of a run that was itself killed) is left out."""
    events = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.endswith("\n"):
                events.append(json.loads(line))
    return events
