"""The official OpenAPI files of TS 29.122, where they are present, and a reader for what of the
schema language they use.

Their licence keeps them out of the project; the directory is T8_SCHEMA_DIR, else `../shared/t8`
beside the repository. Bodies are judged by their component schema, never by the callbacks' `oneOf`:
an ordinary uplink fits two of its branches, a test notification none.
"""
import os
import pathlib
import re

from body_schema import is_date_time, read_json

FILES = ("TS29122_NIDD.bundled.json", "TS29122_DeviceTriggering.bundled.json",
         "TS29122_MonitoringEvent.bundled.json")

SILENT = {"description", "title", "default", "example", "readOnly", "writeOnly", "nullable",
          "discriminator", "format", "externalDocs"}


def directory():
    beside = pathlib.Path(__file__).resolve().parents[2].parent / "shared" / "t8"
    return pathlib.Path(os.environ.get("T8_SCHEMA_DIR") or beside)


def load():
    """The three APIs' component schemas; nothing if the files are not there."""
    files = [directory() / name for name in FILES]
    if not all(file.is_file() for file in files):
        return None
    return OfficialSchema([read_json(file.read_text())["components"]["schemas"] for file in files])


class OfficialSchema:
    def __init__(self, apis):
        self.apis = apis

    def has(self, kind):
        return any(kind in schemas for schemas in self.apis)

    def schema_of(self, kind):
        return next(schemas[kind] for schemas in self.apis if kind in schemas)

    def complaints(self, kind, body):
        schemas = next(schemas for schemas in self.apis if kind in schemas)
        return list(self._judge(schemas, schemas[kind], body, ""))

    def _judge(self, schemas, schema, value, at):
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            yield from self._judge(schemas, schemas[name], value, at)
            return
        if value is None and schema.get("nullable"):
            return
        for keyword, rule in schema.items():
            if keyword in SILENT:
                if keyword == "format" and rule == "date-time" and not is_date_time(value):
                    yield f"{at} is no date-time"
                continue
            judge = getattr(self, "_" + keyword.lower(), None)
            if judge is None:
                yield f"{at}: this reader does not know the keyword {keyword}"
                continue
            yield from judge(schemas, schema, rule, value, at)

    def _fits(self, schemas, schema, value):
        return not any(True for _ in self._judge(schemas, schema, value, ""))

    def _type(self, _schemas, _schema, rule, value, at):
        kinds = {"object": dict, "array": list, "string": str, "boolean": bool}
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        is_right = {"integer": is_number and isinstance(value, int), "number": is_number}.get(
            rule, isinstance(value, kinds.get(rule, ())))
        if not is_right:
            yield f"{at} is no {rule}"

    def _properties(self, schemas, _schema, rule, value, at):
        for name, schema in rule.items():
            if isinstance(value, dict) and name in value:
                yield from self._judge(schemas, schema, value[name], f"{at}/{name}")

    def _required(self, _schemas, _schema, rule, value, at):
        for name in rule:
            if not isinstance(value, dict) or name not in value:
                yield f"{at}/{name} is missing"

    def _items(self, schemas, _schema, rule, value, at):
        for index, item in enumerate(value if isinstance(value, list) else []):
            yield from self._judge(schemas, rule, item, f"{at}/{index}")

    def _oneof(self, schemas, _schema, rule, value, at):
        if sum(self._fits(schemas, branch, value) for branch in rule) != 1:
            yield f"{at} does not fit exactly one branch"

    def _anyof(self, schemas, _schema, rule, value, at):
        if not any(self._fits(schemas, branch, value) for branch in rule):
            yield f"{at} fits no branch"

    def _allof(self, schemas, _schema, rule, value, at):
        for branch in rule:
            yield from self._judge(schemas, branch, value, at)

    def _enum(self, _schemas, _schema, rule, value, at):
        if value not in rule:
            yield f"{at} is none of the enumeration"

    def _pattern(self, _schemas, _schema, rule, value, at):
        if isinstance(value, str) and re.search(rule, value) is None:
            yield f"{at} does not match {rule}"

    def _minitems(self, _schemas, _schema, rule, value, at):
        if isinstance(value, list) and len(value) < rule:
            yield f"{at} has less than {rule} items"

    def _maxitems(self, _schemas, _schema, rule, value, at):
        if isinstance(value, list) and len(value) > rule:
            yield f"{at} has more than {rule} items"

    def _minlength(self, _schemas, _schema, rule, value, at):
        if isinstance(value, str) and len(value) < rule:
            yield f"{at} is too short"

    def _maxlength(self, _schemas, _schema, rule, value, at):
        if isinstance(value, str) and len(value) > rule:
            yield f"{at} is too long"

    def _minimum(self, _schemas, _schema, rule, value, at):
        if isinstance(value, (int, float)) and value < rule:
            yield f"{at} is below {rule}"

    def _maximum(self, _schemas, _schema, rule, value, at):
        if isinstance(value, (int, float)) and value > rule:
            yield f"{at} is above {rule}"
