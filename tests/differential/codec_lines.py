"""The project's codecs from Python: one process of codec_lines, a question and an answer a line."""

import json
import os
import subprocess


class Codecs:
    def __init__(self):
        program = os.path.join(os.environ["SCEF_BIN"], "codec_lines")
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, encoding="utf-8")

    def ask(self, question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"codec_lines ended at: {question}")
        return json.loads(line)

    def decode(self, kind, octets, path="/"):
        """What it reads, or None if it refuses the octets."""
        answer = self.ask({"decode": kind, "octets": octets.hex(), "path": path})
        return None if answer.get("refused") else answer

    def encode(self, kind, records, path="/"):
        answer = self.ask({"encode": kind, "records": records, "path": path})
        return bytes.fromhex(answer["octets"])

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        if self.process.wait() != 0:
            raise AssertionError(f"codec_lines ended with {self.process.returncode}")


def plain(value):
    """The value of codec_lines as one of Python's."""
    (kind, content), = value.items()
    if kind == "integer":
        return int(content)
    return bytes.fromhex(content) if kind == "octets" else content


def tagged(value):
    """One of Python's values as codec_lines takes it."""
    if isinstance(value, bool):
        return {"boolean": value}
    if isinstance(value, int):
        return {"integer": str(value)}
    if isinstance(value, float):
        return {"float": value}
    return {"octets": value.hex()} if isinstance(value, bytes) else {"text": value}
