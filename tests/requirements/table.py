"""The table of requirement labels, the tests that prove them, and whether the two fit together."""

import ast
import dataclasses
import pathlib
import re
import tomllib

# What the requirements document has: labels of each kind, the informative twins too.
LABELS = {"MBT": 2, "BsR": 8, "BSR": 2, "MaU": 6, "RMo": 3, "DSE": 5, "IR": 1, "LeG": 6, "PKI": 3,
          "TLS": 2, "SCS": 6, "LPW": 18, "CoT": 6, "CoP": 2, "CRD": 6, "HTT": 4, "OSR": 2}
PROVEN = ("met", "passes through")  # by tests
UNPROVEN = ("later", "not met", "not ours")  # and `how` says why
CONTRACT = "contract_test.py"  # tests the table itself
_LABEL_IN_NAME = re.compile(r"([A-Za-z]+)_(\d+|all)_")


@dataclasses.dataclass
class Label:
    name: str
    asks: str
    status: str
    how: str
    tests: list = dataclasses.field(default_factory=list)  # file.method


@dataclasses.dataclass
class Group:
    title: str
    labels: list


def load(folder):
    """The groups of labels/*.toml, in the order of the files' names."""
    groups = []
    for file in sorted(pathlib.Path(folder).glob("labels/*.toml")):
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        groups.append(Group(data["title"], [Label(**row) for row in data["label"]]))
    return groups


def tests_in(folder):
    """`file.method` of each test of a label, as written."""
    found = []
    for file in sorted(pathlib.Path(folder).glob("*_test.py")):
        if file.name == CONTRACT:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.append(f"{file.stem}.{node.name}")
    return found


def labels_of(test):
    """The labels that a test's name begins with: `x.test_LPW_2_LPW_002_it_waits` has two."""
    rest, labels = test.partition(".test_")[2] + "_", []
    while match := _LABEL_IN_NAME.match(rest):
        if match.group(1) not in LABELS:
            break
        labels.append(f"{match.group(1)}-{match.group(2)}")
        rest = rest[match.end():]
    return labels


def complaints(groups, tests):
    """What is wrong with the table, a sentence each."""
    rows = [row for group in groups for row in group.labels]
    named = {test: set(labels_of(test)) for test in tests}
    yield from _complaints_of_names([row.name for row in rows])
    for row in rows:
        if row.status not in PROVEN + UNPROVEN:
            yield f"{row.name}: '{row.status}' is no status"
        if (row.status in PROVEN) != bool(row.tests):
            yield f"{row.name}: is '{row.status}' with {len(row.tests)} tests"
        if not row.asks.strip() or not row.how.strip():
            yield f"{row.name}: does not say what it asks and how it is met, or why not"
        for test in row.tests:
            if test not in named:
                yield f"{row.name}: there is no test {test}"
            elif row.name not in named[test]:
                yield f"{row.name}: {test} does not name it"
    proofs = {row.name: row.tests for row in rows}
    for test, labels in named.items():
        if not labels:
            yield f"{test}: names no label"
        for label in sorted(labels):
            if test not in proofs.get(label, []):
                yield f"{test}: {label} does not have it among its tests"


def _complaints_of_names(names):
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name}: is there twice"
    kinds = [name.rpartition("-")[0] for name in names]
    for kind in sorted(set(kinds) | set(LABELS)):
        if kinds.count(kind) != LABELS.get(kind, 0):
            yield f"{kind}: {kinds.count(kind)} labels, should be {LABELS.get(kind, 0)}"
