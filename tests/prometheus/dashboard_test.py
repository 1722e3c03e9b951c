"""The form of the shipped Grafana dashboard: what Grafana asks of a file to import."""

import json
import re
import unittest

import prometheus

# Ids of Grafana 9 to 11 (packages/grafana-data/src/valueFormats/categories.ts); another one is shown as text.
UNITS = {"none", "short", "percent", "percentunit", "bytes", "Bps", "s", "ms", "ops", "reqps", "cps",
         "dateTimeFromNow", "dateTimeAsIso"}
# Panels that Grafana brings itself.
PANELS = {"row", "stat", "timeseries", "heatmap", "table", "gauge", "bargauge", "text"}
# https://grafana.com/docs/grafana/latest/dashboards/variables/add-template-variables/#global-variables
GLOBAL_VARIABLES = {"__rate_interval", "__range", "__interval"}
SOURCE = {"type": "prometheus", "uid": "${datasource}"}


def strings(value):
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


class Dashboard(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(prometheus.DASHBOARD, encoding="utf-8") as file:
            cls.board = json.load(file)
        cls.plots = [panel for panel in cls.board["panels"] if panel["type"] != "row"]
        cls.variables = {one["name"]: one for one in cls.board["templating"]["list"]}

    def test_it_can_be_imported_as_it_is(self):
        self.assertIsNone(self.board["id"])
        self.assertRegex(self.board["uid"], r"^[A-Za-z0-9_-]{1,40}$")
        self.assertTrue(self.board["title"])
        self.assertGreaterEqual(self.board["schemaVersion"], 37)
        self.assertNotIn("__inputs", self.board)  # the source is a variable: nothing is asked on import
        self.assertEqual({one["type"] for one in self.board["__requires"]}, {"grafana", "datasource"})

    def test_everything_asks_the_source_that_is_chosen_at_the_top(self):
        self.assertEqual(self.variables["datasource"]["type"], "datasource")
        self.assertEqual(self.variables["datasource"]["query"], "prometheus")
        asking = [*self.plots, *(target for panel in self.plots for target in panel["targets"]),
                  *(one for one in self.variables.values() if one["type"] == "query"),
                  *(one for one in self.board["annotations"]["list"] if not one.get("builtIn"))]
        self.assertGreater(len(asking), 100)
        for one in asking:
            self.assertEqual(one["datasource"], SOURCE, one.get("title") or one.get("expr") or one.get("name"))

    def test_every_variable_that_is_used_is_one(self):
        used = {name for text in strings(self.board) for name in re.findall(r"\$\{?(\w+)", text)}
        self.assertEqual(used - GLOBAL_VARIABLES - set(self.variables) - {"__all"}, set())
        self.assertEqual(set(self.variables) - used, set())

    def test_it_has_six_rows_and_panels_that_explain_themselves(self):
        rows = [panel for panel in self.board["panels"] if panel["type"] == "row"]
        self.assertEqual(len(rows), 6)
        for row in rows:
            self.assertEqual((row["collapsed"], row["panels"]), (False, []), row["title"])
        ids = [panel["id"] for panel in self.board["panels"]]
        self.assertEqual(len(ids), len(set(ids)))
        for panel in self.board["panels"]:
            self.assertIn(panel["type"], PANELS, panel["title"])
        for panel in self.plots:
            self.assertTrue(panel["description"], panel["title"])
            self.assertTrue(panel["targets"], panel["title"])
            names = [target["refId"] for target in panel["targets"]]
            self.assertEqual(len(names), len(set(names)), panel["title"])

    def test_units_and_thresholds_are_those_that_grafana_knows(self):
        for panel in self.plots:
            if panel["type"] == "heatmap":
                continue
            defaults = panel["fieldConfig"]["defaults"]
            self.assertIn(defaults["unit"], UNITS, panel["title"])
            steps = [step["value"] for step in defaults["thresholds"]["steps"]]
            self.assertIsNone(steps[0], panel["title"])  # the first is below all others
            self.assertEqual(steps[1:], sorted(set(steps[1:])), panel["title"])
        known = {one["id"] for panel in self.plots for override in panel["fieldConfig"].get("overrides", [])
                 for one in override["properties"]}
        self.assertLessEqual(known, {"unit", "color", "displayName", "decimals", "min", "max"} | {
            name for name in known if name.startswith("custom.")})

    def test_no_panel_covers_another_and_each_is_below_its_row(self):
        taken, row = {}, None
        for panel in self.board["panels"]:
            at = panel["gridPos"]
            self.assertGreater(at["w"] * at["h"], 0, panel["title"])
            self.assertLessEqual(at["x"] + at["w"], 24, panel["title"])
            if panel["type"] == "row":
                self.assertEqual((at["x"], at["w"], at["h"]), (0, 24, 1), panel["title"])
                row = panel
            self.assertGreaterEqual(at["y"], row["gridPos"]["y"], panel["title"])
            for x in range(at["x"], at["x"] + at["w"]):
                for y in range(at["y"], at["y"] + at["h"]):
                    self.assertNotIn((x, y), taken, f"{panel['title']} and {taken.get((x, y))}")
                    taken[x, y] = panel["title"]


if __name__ == "__main__":
    unittest.main(verbosity=2)
