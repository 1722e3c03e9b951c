"""The shipped alert rules and scrape configuration."""

import os
import re
import subprocess
import sys
import unittest

import prometheus

if not prometheus.is_installed():
    sys.exit("Debian's prometheus is not installed; scripts/setup --test installs it")

FOLDER = os.path.dirname(prometheus.RULES)
BIN = os.environ.get("SCEF_BIN", "build/dev/bin")


def read(*path):
    with open(os.path.join(prometheus.ROOT, *path), encoding="utf-8") as file:
        return file.read()


def promtool(*arguments):
    done = subprocess.run(["promtool", *arguments], cwd=FOLDER, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def alerts():
    """(name, what follows it) of each alert in the rules."""
    return re.findall(r"- alert: (\w+)\n((?:.(?!- alert:))*)", read(prometheus.RULES), re.DOTALL)


def metrics_of_the_table():
    """Names of metrics, and of the series of histograms, to the names of their labels."""
    page = subprocess.run([os.path.join(BIN, "scef-adapter"), "--print-metrics"], check=True,
                          capture_output=True, text=True).stdout
    table = {}
    for name, labels, kind in re.findall(r"^\| `(\w+)(?:\{([\w,]+)\})?` \| (\w+),", page, re.MULTILINE):
        labels = set(labels.split(",")) - {""}
        table["scef_adapter_" + name] = labels
        if kind == "histogram":
            for end in ("bucket", "sum", "count"):
                table[f"scef_adapter_{name}_{end}"] = labels | {"le"}
    return table


class Rules(unittest.TestCase):
    def test_promtool_takes_rules_and_configuration(self):
        for arguments in (("check", "rules", "scef-adapter.rules.yml"),
                          ("check", "config", "prometheus.yml")):
            code, text = promtool(*arguments)
            self.assertEqual(code, 0, text)

    def test_each_alert_fires_and_is_silent_when_it_should(self):
        code, text = promtool("test", "rules", "scef-adapter.rules.test.yml")
        self.assertEqual(code, 0, text)

    def test_no_alert_is_without_both_cases(self):
        cases = read(FOLDER, "scef-adapter.rules.test.yml")
        names = [name for name, _ in alerts()]
        self.assertGreaterEqual(len(names), 15)
        for name in names:
            case = re.search(rf"- name: {name}\n((?:.(?!- name:))*)", cases, re.DOTALL)
            self.assertTrue(case, f"{name} has no test")
            self.assertIn('instance="bad"', case[1], name)
            self.assertIn('instance="good"', case[1], name)
            self.assertIn("exp_samples: [{labels: '{instance=\"bad\"}', value: 1}]", case[1], name)
        for name, text in alerts():
            if "for: " in text and not re.search(r"for: [15]m", text):
                case = cases[cases.index(f"- name: {name}\n"):].split("- name:")[1]
                self.assertIn("exp_samples: []", case, f"{name} is not tested before its time")

    def test_each_alert_says_what_to_do_and_where_it_is_described(self):
        operations = read("docs", "operations.md")
        for name, text in alerts():
            for part in ("summary:", "description:", "severity:"):
                self.assertIn(part, text, name)
            self.assertIn(f'docs: "docs/operations.md, Alerts: {name}"', text)
            self.assertIn(f"\n| `{name}` |", operations, f"{name} is not in docs/operations.md")

    def test_alerts_and_dashboard_name_metrics_and_labels_of_the_table(self):
        table = metrics_of_the_table()
        self.assertGreater(len(table), 80)
        board = read(prometheus.DASHBOARD)
        used = set(re.findall(r"scef_adapter_\w+", read(prometheus.RULES) + board))
        self.assertEqual(used - set(table), set())
        scraped = {"job", "instance"}
        for metric, selector in re.findall(r"(scef_adapter_\w+)\{([^}]*)\}",
                                           read(prometheus.RULES) + board.replace("\\\"", "\"")):
            labels = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector))
            self.assertLessEqual(labels, table[metric] | scraped, f"{metric}{{{selector}}}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
