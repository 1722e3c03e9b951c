"""The live trace of the demo: each frame on the air as a line that a person can follow."""

import threading
import time

from stack import call


class Trace:
    """Prints each frame that the network carries, while the play goes on."""

    def __init__(self, stack, started, names):
        self.stack, self.started, self.names = stack, started, names
        self.quiet = True
        self.seen = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.follow, daemon=True)

    def follow(self):
        while not self.ended.wait(0.1):
            try:
                self.step()
            except (OSError, ValueError, TypeError, KeyError):
                continue

    def step(self):
        body = call("GET", f"{self.stack.scef_control}/log?since={self.seen}", timeout=5)[1]
        self.seen = body["last"]
        for entry in body["entries"]:
            if self.quiet or entry["kind"] not in ("downlink", "uplink", "state"):
                continue
            name = self.names.get(entry.get("externalId"), "?")
            detail = entry["detail"]
            if entry["kind"] == "state":
                self.say(name, "·", "UE is now " + detail["state"])
            else:
                arrow = "◀" if entry["kind"] == "downlink" else "▶"
                self.say(name, arrow, summary(bytes.fromhex(detail.get("data", detail.get("hex", "")))))

    def say(self, who, arrow, text):
        at = time.monotonic() - self.started
        print(f"   {at:7.2f} s  {who:<12} {arrow} {text}", flush=True)


CODES = {0: "empty", 1: "GET", 2: "POST", 3: "PUT", 4: "DELETE", 5: "FETCH", 6: "PATCH", 7: "iPATCH"}


def summary(frame):
    """One line about a CoAP frame, for the trace."""
    if len(frame) < 4 or frame[0] >> 6 != 1:
        return f"{len(frame)} octets that are not CoAP"
    kind = ("CON", "NON", "ACK", "RST")[frame[0] >> 4 & 3]
    code = CODES.get(frame[1], f"{frame[1] >> 5}.{frame[1] & 31:02d}")
    path, number, at = "", 0, 4 + (frame[0] & 15)
    while at < len(frame) and frame[at] != 0xFF:
        delta, length = frame[at] >> 4, frame[at] & 15
        at += 1
        if delta == 13:
            delta, at = frame[at] + 13, at + 1
        elif delta == 14:
            delta, at = int.from_bytes(frame[at:at + 2], "big") + 269, at + 2
        if length == 13:
            length, at = frame[at] + 13, at + 1
        elif length == 14:
            length, at = int.from_bytes(frame[at:at + 2], "big") + 269, at + 2
        number += delta
        if number == 11:
            path += "/" + frame[at:at + length].decode(errors="replace")
        at += length
    payload = len(frame) - at - 1 if at < len(frame) else 0
    text = f"{kind} {code} {path}".rstrip() + f"  mid={int.from_bytes(frame[2:4], 'big')}"
    return text + (f"  {payload} octets" if payload else "")
