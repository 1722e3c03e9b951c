"""docs/requirements.md, made from the table of labels and the verdicts of their tests."""

import json
import pathlib

from table import PROVEN, UNPROVEN

HEAD = """\
# Requirements

The labels of the requirements document of LwM2M 1.1 (OMA-RD-LightweightM2M-V1_1, draft of 27 September 2017), what each
asks in our words, and how it is met. Table 11 (`LPW-1` to `LPW-12`) and Appendix C (`LPW-001` to `LPW-009`) are two lists.

| status | means |
| --- | --- |
| met | the adapter or a simulator does it, and the tests show it |
| passes through | client and server do it between them; the adapter carries it unbroken, and the tests show that |
| later | owed, but not in this version |
| not met | owed, and not there |
| not ours | a matter of others; `how` says whose |

The tests run real processes: an LwM2M server, the adapter, scef-simulator and modem-simulator. They are
in `tests/requirements`, named by their labels; `scripts/requirements` makes this page from them. Do not edit it.
"""


def verdicts_in(folder):
    """Verdicts by `file.method`, of the files that the tests wrote; None if there is no file at all."""
    files = sorted(pathlib.Path(folder).glob("*.json"))
    if not files:
        return None
    verdicts = {}
    for file in files:
        for test, verdict in json.loads(file.read_text(encoding="utf-8")).items():
            module, _, method = test.split(".")
            verdicts[f"{module}.{method}"] = verdict
    return verdicts


def _failing(label, verdicts):
    return [f"{test} {verdicts.get(test, 'did not run')}" for test in label.tests
            if verdicts.get(test) != "passed"]


def status_of(label, verdicts):
    """What the table says, unless a test of it did not pass."""
    failing = _failing(label, verdicts)
    return "**not shown**: " + ", ".join(failing) if failing else label.status


def counts(groups, verdicts):
    """How many labels have which status, and which of them are not shown."""
    found = {status: 0 for status in PROVEN + UNPROVEN}
    not_shown = []
    for label in (label for group in groups for label in group.labels):
        if _failing(label, verdicts):
            not_shown.append(label.name)
        else:
            found[label.status] += 1
    return found, not_shown


def _test(test):
    module, method = test.split(".")
    return f"[`{method}`](../tests/requirements/{module}.py)"


def render(groups, verdicts):
    found, not_shown = counts(groups, verdicts)
    lines = [HEAD, ", ".join(f"{count} {status}" for status, count in found.items() if count)
             + (f", {len(not_shown)} not shown" if not_shown else "") + "."]
    for group in groups:
        lines += ["", f"## {group.title}", "", "| label | asks | status | how | tests |",
                  "| --- | --- | --- | --- | --- |"]
        lines += [f"| {row.name} | {row.asks} | {status_of(row, verdicts)} | {row.how} | "
                  f"{'<br>'.join(_test(test) for test in row.tests)} |".replace("|  |", "| |")
                  for row in group.labels]
    return "\n".join(lines) + "\n"
