"""The table of labels, the tests that they name and docs/requirements.md fit together."""

import pathlib
import re
import unittest

import document
import table

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "docs" / "requirements.md"


class TheTable(unittest.TestCase):
    def test_it_fits_the_tests(self):
        self.assertEqual(list(table.complaints(table.load(HERE), table.tests_in(HERE))), [])

    def test_the_document_is_what_it_says_when_all_tests_pass(self):
        passed = {test: "passed" for test in table.tests_in(HERE)}
        self.assertEqual(DOCUMENT.read_text(encoding="utf-8"),
                         document.render(table.load(HERE), passed), "run scripts/requirements")

    def test_the_document_names_no_place_of_a_machine(self):
        self.assertEqual(re.findall(r"(?:^|[\s(`])/(?:home|root|tmp|work|usr|etc)\b",
                                    DOCUMENT.read_text(encoding="utf-8")), [])


class Complaints(unittest.TestCase):
    """Each fault, planted in the smallest table that is right without it."""

    TEST = "x_test.test_IR_1_LPW_002_it_works"

    def setUp(self):
        self.wanted = dict(table.LABELS)
        table.LABELS.clear()
        table.LABELS.update({"IR": 1, "LPW": 1})
        self.addCleanup(lambda: (table.LABELS.clear(), table.LABELS.update(self.wanted)))

    def rows(self, **changes):
        first = {"name": "IR-1", "asks": "a", "status": "met", "how": "h", "tests": [self.TEST]}
        second = {**first, "name": "LPW-002", "status": "passes through"}
        return [table.Group("g", [table.Label(**{**first, **changes}), table.Label(**second)])]

    def complaints(self, *, there=(TEST,), **changes):
        return list(table.complaints(self.rows(**changes), list(there)))

    def test_there_are_none_where_all_is_right(self):
        self.assertEqual(self.complaints(), [])

    def test_a_label_that_is_met_without_a_test_is_found(self):
        self.assertIn("IR-1: is 'met' with 0 tests", self.complaints(tests=[]))

    def test_a_label_of_later_with_a_test_is_found(self):
        self.assertIn("IR-1: is 'later' with 1 tests", self.complaints(status="later"))

    def test_an_unknown_status_is_found(self):
        self.assertIn("IR-1: 'fine' is no status", self.complaints(status="fine", tests=[]))

    def test_a_label_that_does_not_say_how_is_found(self):
        self.assertEqual(len(self.complaints(how=" ")), 1)

    def test_a_test_that_does_not_exist_is_found(self):
        self.assertIn(f"LPW-002: there is no test {self.TEST}", self.complaints(there=[]))

    def test_a_test_that_names_another_label_is_found(self):
        other = "x_test.test_LPW_002_else"
        self.assertIn(f"IR-1: {other} does not name it",
                      self.complaints(there=[self.TEST, other], tests=[self.TEST, other]))

    def test_a_test_that_names_no_label_is_found(self):
        self.assertIn("x_test.test_it_works: names no label",
                      self.complaints(there=[self.TEST, "x_test.test_it_works"]))

    def test_a_test_that_its_label_does_not_list_is_found(self):
        self.assertIn("x_test.test_IR_1_more: IR-1 does not have it among its tests",
                      self.complaints(there=[self.TEST, "x_test.test_IR_1_more"]))

    def test_a_label_that_is_missing_or_there_twice_is_found(self):
        table.LABELS["IR"] = 2
        self.assertEqual(self.complaints(), ["IR: 1 labels, should be 2"])
        self.assertIn("LPW-002: is there twice", self.complaints(name="LPW-002"))


class TheDocument(unittest.TestCase):
    ROWS = [table.Group("g", [table.Label("IR-1", "a", "met", "h", ["x_test.test_IR_1_it_works"])])]

    def test_a_label_is_met_only_if_its_tests_passed(self):
        test = "x_test.test_IR_1_it_works"
        self.assertIn("| met |", document.render(self.ROWS, {test: "passed"}))
        for verdicts in ({test: "failed"}, {test: "skipped"}, {}):
            text = document.render(self.ROWS, verdicts)
            self.assertNotIn("| met | h", text)
            self.assertIn("1 not shown", text)


if __name__ == "__main__":
    unittest.main(verbosity=2)
