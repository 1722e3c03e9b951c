"""What a person meets first: --help, --version, wrong options, wrong configurations."""

import os
import re
import subprocess
import tempfile
import unittest

from e2e import BIN

PROGRAMS = ["scef-adapter", "scef-adapterctl", "scef-simulator", "modem-simulator",
            "lwm2m-server-simulator"]


def run(program, *arguments):
    return subprocess.run([os.path.join(BIN, program), *arguments], capture_output=True, text=True,
                          timeout=30, check=False)


def commands_of(program, *words):
    """Each command below `words` that does something, with the options that its help names."""
    text = run(program, *words, "--help").stdout
    below = re.search(r"^Subcommands:\n((?:  +.*\n)+)", text, re.MULTILINE)
    if below is None:
        yield " ".join(words), re.findall(r"^  (?:-\w,)?(--[\w-]+)", text, re.MULTILINE)
        return
    for name in re.findall(r"^  ([\w-]+)", below[1], re.MULTILINE):
        yield from commands_of(program, *words, name)


class CommandLine(unittest.TestCase):
    def test_every_program_helps_and_tells_its_version(self):
        for program in PROGRAMS:
            helped = run(program, "--help")
            self.assertEqual(helped.returncode, 0, program)
            self.assertGreater(len(helped.stdout), 200, program)
            version = run(program, "--version")
            self.assertEqual(version.returncode, 0, program)
            self.assertRegex(version.stdout, r"\d+\.\d+\.\d+", program)

    def test_a_wrong_option_is_one_sentence_and_exit_1(self):
        for program in PROGRAMS:
            command = ["devices", "list"] if program == "scef-adapterctl" else []
            done = run(program, *command, "--no-such-option")
            self.assertEqual(done.returncode, 1, program)
            self.assertIn("no-such-option", done.stdout + done.stderr, program)

    def test_doctor_exits_2_without_an_examination_as_the_help_says(self):
        for arguments in (("doctor",), ("doctor", "--scef", "a"), ("doctor", "--no-such-option"),
                          ("--token-file", "/nonexistent/token", "doctor", "--scef", "a",
                           "--device", "a@b.example"),
                          ("--url", "http://127.0.0.1:1", "doctor", "--scef", "a", "--device",
                           "a@b.example")):
            done = run("scef-adapterctl", *arguments)
            self.assertEqual(done.returncode, 2, f"{arguments}: {done.stdout}{done.stderr}")
        for arguments in (("doctor", "--help"), ("--help",)):
            self.assertIn("2 if there was no examination", run("scef-adapterctl", *arguments).stdout)

    def test_the_manual_page_has_each_command_with_its_options(self):
        page = os.path.join(os.path.dirname(__file__), "../../packaging/man/scef-adapterctl.1")
        with open(page, encoding="utf-8") as file:
            text = file.read().replace("\\-", "-")
        described = set(re.findall(r'^\.BR? "?([a-z- ]+?) ?(?:"|$)', text.split(".SH COMMANDS")[1]
                                   .split(".SH EXIT STATUS")[0], re.MULTILINE))
        there = dict(commands_of("scef-adapterctl"))
        self.assertGreater(len(there), 30)
        self.assertEqual(described, set(there))
        for command, options in there.items():
            for option in options:
                self.assertIn(option, text, command)

    def test_the_default_configuration_has_no_mistakes(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "config.yaml")
            with open(file, "w", encoding="utf-8") as config:
                config.write(run("scef-adapter", "--print-default-config").stdout)
            done = run("scef-adapter", "--config", file, "--check-config")
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_reference_of_all_keys_fits_its_page(self):
        page = os.path.join(os.path.dirname(__file__), "../../docs/configuration.md")
        with open(page, encoding="utf-8") as file:
            text = file.read()
        tables = run("scef-adapter", "--print-configuration-reference")
        self.assertEqual(tables.returncode, 0)
        self.assertIn("| `store.retention` |", tables.stdout)
        self.assertEqual(run("scef-adapter", "--print-configuration-reference", page).stdout, text)
        missing = run("scef-adapter", "--print-configuration-reference", "/nonexistent/page.md")
        self.assertEqual(missing.returncode, 1)
        self.assertIn("/nonexistent/page.md", missing.stderr)

    def test_each_mistake_is_named_with_file_line_and_key(self):
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "bad.yaml")
            with open(file, "w", encoding="utf-8") as config:
                config.write("scefs:\n  - {name: a, api_rot: http://x, scs_as_id: y}\n"
                             "lwm2m_servers:\n  - {name: dm, uri: 'ftp://x'}\nshards: many\n")
            done = run("scef-adapter", "--config", file, "--check-config")
            self.assertEqual(done.returncode, 1)
            said = done.stdout + done.stderr
            for piece in ("bad.yaml:2", "api_rot", "api_root", "bad.yaml:4", "uri", "bad.yaml:5",
                          "shards"):
                self.assertIn(piece, said)

    def test_a_missing_configuration_file_is_one_sentence(self):
        done = run("scef-adapter", "--config", "/nonexistent/config.yaml")
        self.assertEqual(done.returncode, 1)
        self.assertIn("/nonexistent/config.yaml", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
