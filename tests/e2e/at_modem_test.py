"""A session with the AT modem: the transcript in simulators/modem-simulator/README.md, replayed."""

import http.server
import os
import pathlib
import select
import subprocess
import tempfile
import threading
import time
import unittest

from e2e import BIN
from stack import Stack

README = pathlib.Path(__file__).parents[2] / "simulators/modem-simulator/README.md"
DONE = "-- the shell did it: "
UNSOLICITED = ("+CSCON: ", "+CEREG: 1,")


class Sink(http.server.BaseHTTPRequestHandler):
    """An SCS/AS that takes every notification."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Terminal:
    """The modem's serial line as a person sees it: lines without the empty ones."""

    def __init__(self, path):
        self.line = os.open(path, os.O_RDWR | os.O_NOCTTY)
        self.text = b""

    def type(self, line):
        os.write(self.line, line.encode() + b"\r")

    def next_line(self, seconds=20):
        end = time.monotonic() + seconds
        while True:
            line, found, rest = self.text.replace(b"\r", b"\n").partition(b"\n")
            if found:
                self.text = rest
                if line:
                    return line.decode()
                continue
            if not select.select([self.line], [], [], max(0, end - time.monotonic()))[0]:
                raise AssertionError(f"nothing within {seconds} s, only {self.text!r}")
            self.text += os.read(self.line, 4096)


class AtModem(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="scef-e2e-")
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "modem")
        self.stack = Stack(BIN, folder.name)
        self.addCleanup(self.check_end)
        self.stack.start_scef("--time-scale", "10")
        self.modems = self.stack.start_modems("--at", f"{self.path}=meter-1@iot.example")
        sink = http.server.HTTPServer(("127.0.0.1", 0), Sink)
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        self.addCleanup(sink.server_close)
        self.addCleanup(sink.shutdown)
        self.shell = subprocess.Popen(
            ["bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={
                **os.environ, "T8": self.stack.scef_api_root, "CTL": self.stack.scef_control,
                "AS": f"http://127.0.0.1:{sink.server_port}/", "J": "Content-Type: application/json"})
        self.addCleanup(self.shell.communicate)

    def check_end(self):
        self.assertEqual(self.stack.stop(), [])
        self.assertEqual(self.stack.leaks, [])

    def run_in_shell(self, command):
        self.shell.stdin.write(f"{command}\necho; echo '{DONE}'$?\n")
        self.shell.stdin.flush()
        said = []
        for line in self.shell.stdout:
            if line.startswith(DONE):
                self.assertEqual(line[len(DONE):].strip(), "0", f"{command}\n{''.join(said)}")
                return
            said.append(line)
        self.fail(f"the shell ended: {command}")

    def test_the_session_in_the_readme(self):
        transcript = README.read_text(encoding="utf-8").split("```at\n")[1].split("```")[0]
        terminal = Terminal(self.path)
        echoed = None
        for line in transcript.splitlines():
            if line.startswith("> "):
                echoed = line[2:]
                terminal.type(echoed)
            elif line.startswith("$ "):
                self.run_in_shell(line[2:])
            else:
                seen = terminal.next_line()
                # A slow machine attaches, or falls idle, between two lines of the transcript.
                while seen != line and (seen == echoed or seen.startswith(UNSOLICITED)):
                    seen = terminal.next_line()
                self.assertEqual(seen, line, self.modems.log_tail())
        os.close(terminal.line)

    def test_the_link_is_gone_with_the_program_and_stands_in_its_line_when_it_is_ready(self):
        self.assertEqual(self.modems.field("at"), f"{self.path}=meter-1@iot.example")
        self.assertTrue(os.path.islink(self.path))
        self.assertEqual(self.modems.stop(), 0)
        self.assertFalse(os.path.islink(self.path))


if __name__ == "__main__":
    unittest.main(verbosity=2)
