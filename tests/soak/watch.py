"""What the adapter holds of the machine, looked at from outside: memory, descriptors, threads, the size of its
store, the series of its metrics page."""

import http.client
import json
import os
import time

import judge


class Watch:
    """Samples of each life of the adapter. A sample is a row of judge.COLUMNS."""

    def __init__(self, stack, began):
        self.stack, self.began = stack, began
        self.lives = []
        self.log_at, self.errors, self.error_lines, self.reloads = 0, 0, [], 0

    def new_life(self):
        self.lives.append({"pid": self.stack.adapter.process.pid, "samples": []})

    def sample(self):
        """False if it could not be asked."""
        pid = self.stack.adapter.process.pid
        try:
            with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
                status = dict(line.split(":", 1) for line in file if ":" in line)
            fds = len(os.listdir(f"/proc/{pid}/fd"))
            page = self.stack.metrics()
            series = [line for line in page.splitlines() if line and line[0] != "#"]
            row = (round(time.monotonic() - self.began, 1), int(status["VmRSS"].split()[0]) * 1024, fds,
                   int(status["Threads"]), self.store_size(False), len(series),
                   open_messages(series), written(series), self.store_size(True))
        except (OSError, KeyError, AttributeError, http.client.HTTPException):
            return False
        self.lives[-1]["samples"].append(row)
        return True

    def store_size(self, of_log):
        """Octets of the files of its log, or of all others."""
        size = 0
        for folder, _, names in os.walk(os.path.join(self.stack.dir, "store")):
            for name in (name for name in names if name.endswith(".log") == of_log):
                try:
                    size += os.stat(os.path.join(folder, name)).st_size
                except FileNotFoundError:
                    pass  # a compaction has just removed it
        return size

    def read_log(self):
        """What is new in the adapter's log: errors, and reloads that came about."""
        with open(self.stack.adapter.log_file, "rb") as file:
            file.seek(self.log_at)
            text = file.read().rpartition(b"\n")[0]
        self.log_at += len(text) + 1 if text else 0
        for line in text.splitlines():
            try:
                entry = json.loads(line)
            except ValueError:  # a sanitizer, or a library that writes by itself
                entry = {"level": "error"}
            self.reloads += entry.get("id") == "RELOADED"
            if entry.get("level") in ("error", "critical"):
                self.errors += 1
                self.error_lines += [line.decode(errors="replace")] if len(self.error_lines) < 20 else []

    def text(self):
        """The last sample, for a person."""
        row = dict(zip(judge.COLUMNS, self.lives[-1]["samples"][-1]))
        return (f"rss {row['rss'] / 2**20:6.1f} MiB  fds {row['fds']:3d}  threads {row['threads']:2d}  "
                f"store {(row['store'] + row['log']) / 2**20:5.1f} MiB  series {row['series']:4d}")


def open_messages(series):
    return int(sum(float(line.rpartition(" ")[2]) for line in series
                   if line.startswith("scef_adapter_messages_open{") and 'state="UNCONFIRMED"' not in line))


def written(series):
    """Octets handed to the store since the start."""
    return int(sum(float(line.rpartition(" ")[2]) for line in series
                   if line.startswith("scef_adapter_store_written_bytes_total ")))
