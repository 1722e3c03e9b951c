"""Runs Debian's Prometheus beside the adapter with the shipped alert rules, and asks it.

Used by scripts/demo --keep and by the tests. Python's standard library only.
"""

import json
import os
import re
import shutil
import urllib.parse

from stack import Failure, Program, call, eventually

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RULES = os.path.join(ROOT, "packaging", "prometheus", "scef-adapter.rules.yml")
CONSOLES = os.path.join(ROOT, "packaging", "prometheus", "consoles")
CONSOLE = "scef-adapter.html"
DASHBOARD = os.path.join(ROOT, "packaging", "grafana", "scef-adapter-dashboard.json")

CONFIG = """\
global: {{scrape_interval: {interval}, evaluation_interval: {interval}}}
rule_files: ["{rules}"]
scrape_configs:
  - {{job_name: scef-adapter, {authorization}static_configs: [{{targets: ["{target}"]}}]}}
"""


def is_installed():
    return shutil.which("prometheus") is not None


def dashboard_queries(values, file=DASHBOARD):
    """(panel's title, query) of the shipped dashboard, with `values` in the place of its variables."""
    with open(file, encoding="utf-8") as text:
        board = json.load(text)

    def fill(expression):
        return re.sub(r"\$(\w+)", lambda found: values[found.group(1)], expression)

    queries = [(panel["title"], fill(target["expr"]))
               for panel in board["panels"] for target in panel.get("targets", [])]
    return queries + [("annotation " + one["name"], fill(one["expr"]))
                      for one in board["annotations"]["list"] if "expr" in one]


def console_queries(rate="1m", range_="10m"):
    """The queries of the shipped console."""
    with open(os.path.join(CONSOLES, CONSOLE), encoding="utf-8") as text:
        found = re.findall(r"query: '([^']+)'", text.read())
    return [query.replace("[RATE]", f"[{rate}]").replace("[RANGE]", f"[{range_}]") for query in found]


class Prometheus:
    """One process with its configuration and data below `work_dir`, on a loopback port. `token_file`
    holds the token that the target wants, if it does."""

    def __init__(self, work_dir, port, target, interval="5s", rules=RULES, token_file=None):
        self.url = f"http://127.0.0.1:{port}"
        folder = os.path.join(work_dir, "prometheus")
        os.makedirs(folder, exist_ok=True)
        config = os.path.join(folder, "prometheus.yml")
        with open(config, "w", encoding="utf-8") as text:
            authorization = f'bearer_token_file: "{token_file}", ' if token_file else ""
            text.write(CONFIG.format(interval=interval, rules=rules, target=target,
                                     authorization=authorization))
        self.program = Program(
            "prometheus",
            ["prometheus", "--config.file", config, "--storage.tsdb.path",
             os.path.join(folder, "data"), "--storage.tsdb.retention.time", "1d",
             "--web.listen-address", f"127.0.0.1:{port}", "--web.console.templates", CONSOLES,
             "--log.level", "warn"],
            os.path.join(work_dir, "prometheus.log"))

    def start(self):
        self.program.start(waits_for_line=False)
        eventually("Prometheus is ready", self._is_ready, 60)
        return self

    def _is_ready(self):
        if not self.program.is_running():
            raise Failure(f"prometheus ended: {self.program.log_tail()}")
        try:
            return call("GET", self.url + "/-/ready", timeout=2)[0] == 200
        except OSError:
            return False

    def ask(self, path, **parameters):
        """`data` of an answer of its API; a Failure with its words for what it refuses."""
        status, answer = call("GET", f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(parameters)}")
        if status != 200 or answer["status"] != "success":
            raise Failure(f"Prometheus answered {status} to {parameters}: {answer}")
        return answer["data"]

    def query(self, expression):
        """The series of an instant query."""
        return self.ask("query", query=expression)["result"]

    def alerts(self):
        return self.ask("alerts")["alerts"]

    def rules(self):
        return [rule for group in self.ask("rules")["groups"] for rule in group["rules"]]

    def console(self):
        """The address of the page of plots."""
        return f"{self.url}/consoles/{CONSOLE}"

    def page(self, name):
        """The address of a page, `alerts` or `targets`: Debian's Prometheus has them in another place."""
        is_there = call("GET", f"{self.url}/{name}")[0] == 200
        return f"{self.url}/{name}" if is_there else f"{self.url}/classic/{name}"

    def stop(self):
        return self.program.stop(30)
