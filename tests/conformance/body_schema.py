"""The project's own subset of the T8 schemas, and the reader that judges bodies by it.

Independent of the programs under test: JSON is read by Python, and the rules are those of
schema/*.json, written from TS 29.122 in the project's own words.
"""
import base64
import binascii
import datetime
import json
import pathlib
import re

SCHEMA = pathlib.Path(__file__).parent / "schema"
TO_SCEF = "to_scef"
FROM_SCEF = "from_scef"


def read_json(text):
    """JSON as RFC 8259 has it: no member twice, no NaN, nothing after the value."""
    def once(pairs):
        members = dict(pairs)
        if len(members) != len(pairs):
            raise ValueError("a member occurs twice")
        return members

    def no_constant(name):
        raise ValueError(f"{name} is no JSON")
    return json.loads(text, object_pairs_hook=once, parse_constant=no_constant)


def is_base64(text):
    try:
        return base64.b64encode(base64.b64decode(text, validate=True)).decode() == text
    except binascii.Error:
        return False


def is_date_time(text):
    shape = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)", text)
    try:
        return bool(shape) and bool(datetime.datetime.fromisoformat(shape.group(1)))
    except ValueError:
        return False


FORMS = {"base64": is_base64, "date-time": is_date_time}


class BodySchema:
    """All schema files together. `complaints` tells what is wrong with a body."""

    def __init__(self, folder=SCHEMA):
        self.texts, self.numbers, self.types = {}, {}, {}
        for file in sorted(folder.glob("*.json")):
            content = read_json(file.read_text())
            self.texts.update(content.get("texts", {}))
            self.numbers.update(content.get("numbers", {}))
            self.types.update(content["types"])

    def complaints(self, kind, body, direction):
        return self._of_type(kind, body, direction, "")

    def parts(self, kind, body):
        """The body's kind and those inside it, each with the members that are there."""
        yield kind, set(body)
        for name, value in body.items():
            form, _, inner = self.types[kind]["members"][name].partition(" ")
            if form in ("type", "list"):
                for item in value if form == "list" else [value]:
                    yield from self.parts(inner, item)

    def _of_type(self, kind, body, direction, at):
        rules = self.types[kind]
        if not isinstance(body, dict):
            return [f"{at or '/'} is no object"]
        found = []
        for name in rules.get("required", []):
            if name not in body:
                found.append(f"{at}/{name} is missing")
        for name in rules.get("scef_only", []):
            if direction == TO_SCEF and name in body:
                found.append(f"{at}/{name} is the SCEF's to set")
        if "one_of" in rules and sum(name in body for name in rules["one_of"]) != 1:
            found.append(f"{at} has not exactly one of {rules['one_of']}")
        if "any_of" in rules and not any(name in body for name in rules["any_of"]):
            found.append(f"{at} has none of {rules['any_of']}")
        for name, value in body.items():
            rule = rules["members"].get(name)
            if rule is None:
                found.append(f"{at}/{name} is no member of {kind}")
            else:
                found += self._of_rule(rule, value, direction, f"{at}/{name}")
        return found

    def _of_rule(self, rule, value, direction, at):
        if rule.endswith(" or null"):
            if value is None:
                return []
            rule = rule[:-len(" or null")]
        form, _, name = rule.partition(" ")
        if form == "type":
            return self._of_type(name, value, direction, at)
        if form == "list":
            return self._of_list(name, value, direction, at)
        is_right = {"boolean": lambda: isinstance(value, bool),
                    "text": lambda: self._is_text(self.texts[name], value),
                    "number": lambda: self._is_number(self.numbers[name], value),
                    "fraction": lambda: self._is_fraction(value)}[form]
        return [] if is_right() else [f"{at} is no {rule}"]

    def _of_list(self, kind, value, direction, at):
        if not isinstance(value, list) or not value:
            return [f"{at} is no list, or an empty one"]
        return [complaint for index, item in enumerate(value)
                for complaint in self._of_type(kind, item, direction, f"{at}/{index}")]

    @staticmethod
    def _is_text(rule, value):
        if not isinstance(value, str) or len(value) > rule.get("maximum", len(value)):
            return False
        if "form" in rule:
            return FORMS[rule["form"]](value)
        return "pattern" not in rule or re.search(rule["pattern"], value) is not None

    @staticmethod
    def _is_number(rule, value):
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return rule.get("minimum", value) <= value <= rule.get("maximum", value)

    @staticmethod
    def _is_fraction(value):
        return isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
