"""The checks. Each takes the tree and returns sentences, one for each thing that is wrong."""

import re
from collections import Counter
from pathlib import PurePosixPath

from functions import functions_of
from rules import (ALLOWED_FOLDERS, ALLOWED_THIRD_PARTY, FILE_LINES_MAX, FUNCTION_LINES_MAX,
                   IMPURE_HEADERS, IMPURE_WORDS, PURE, PURE_SYSTEM_HEADERS, SYSTEM_FOLDERS,
                   T8_TESTED_ELSEWHERE)
from source_tree import PARTS, TOP_FOLDERS, is_below, line_of, most_specific

CHECKS = {}


def check(sentence):
    def register(function):
        CHECKS[sentence] = function
        return function

    return register


def third_party(header):
    """The table entry of a third-party header, or None."""
    return next((folders for prefix, folders in ALLOWED_THIRD_PARTY.items()
                 if header.startswith(prefix)), None)


def is_system(header):
    if "/" in header:
        return header.startswith(SYSTEM_FOLDERS)
    return re.fullmatch(r"[a-z0-9_]+(\.h)?", header) is not None


@check("A folder includes only from the folders it may know")
def folders_known(tree):
    for file in tree.cpp:
        own = max((folder for folder in ALLOWED_FOLDERS if is_below(file.path, folder)),
                  key=len, default=None)
        if own is None:
            yield f"{file.path}: its folder is not in the table ALLOWED_FOLDERS"
            continue
        allowed = ALLOWED_FOLDERS[own] | {own: True}
        for line, header, quoted in file.includes:
            if quoted and "/" not in header:
                yield f"{file.path}:{line}: \"{header}\" is not written from the repository root"
            elif header.startswith(tuple(f"{part}/" for part in PARTS)) and not most_specific(allowed, header):
                yield f"{file.path}:{line}: {own} may not include {header}"


@check("A third-party library is included only where it is allowed")
def libraries_known(tree):
    for file in tree.cpp:
        for line, header, quoted in file.includes:
            if header.startswith(tuple(f"{part}/" for part in PARTS)) or (quoted and "/" not in header):
                continue
            folders = third_party(header)
            if folders is None and not is_system(header):
                yield f"{file.path}:{line}: <{header}> is not in the table ALLOWED_THIRD_PARTY"
            elif folders is not None and not most_specific(folders, file.path):
                yield f"{file.path}:{line}: <{header}> is not allowed here"


@check("Pure code has no clock, sleep, thread, socket or file")
def pure_is_pure(tree):
    for file in tree.cpp:
        if not most_specific(PURE, file.path):
            continue
        for line, header, _ in file.includes:
            is_io = header in IMPURE_HEADERS or header.startswith(SYSTEM_FOLDERS)
            if is_io and header not in PURE_SYSTEM_HEADERS:
                yield f"{file.path}:{line}: includes <{header}>"
        for words, what in IMPURE_WORDS.items():
            for match in re.finditer(words, file.code):
                yield f"{file.path}:{line_of(file.code, match.start())}: {what}: {match.group().strip()}"


@check("Each folder has a README")
def folders_have_readmes(tree):
    present = {file.path for file in tree.files("")}
    wanted = {top for top in TOP_FOLDERS if any(path.startswith(f"{top}/") for path in present)}
    wanted |= {file.folder for file in tree.cpp if file.folder.count("/") == 1}
    for folder in sorted(wanted):
        if f"{folder}/README.md" not in present:
            yield f"{folder}: has no README.md"


@check("No source file is over 400 lines")
def files_are_short(tree):
    for file in tree.cpp + tree.files(".py", ".cmake", "CMakeLists.txt"):
        lines = file.text.count("\n")
        if lines > FILE_LINES_MAX:
            yield f"{file.path}: has {lines} lines"


@check("No function is over 70 lines")
def functions_are_short(tree):
    for file in tree.cpp:
        for function in functions_of(file.code):
            if function.lines > FUNCTION_LINES_MAX:
                yield f"{file.path}:{function.line}: {function.name} has {function.lines} lines"


@check("Nothing is left to be done in a comment")
def nothing_is_left_to_do(tree):
    words = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
    for file in tree.files(".h", ".cpp", ".py", ".cmake", ".txt", ".md", ".js", ".html", ".css", ".yaml"):
        for match in words.finditer(file.text):
            yield f"{file.path}:{line_of(file.text, match.start())}: {match.group()}"


@check("Every header is guarded by pragma once")
def headers_are_guarded(tree):
    for file in tree.cpp:
        if file.is_header and not re.match(r"\s*#pragma once\s*\n", file.code):
            yield f"{file.path}: does not begin with #pragma once"


@check("No test sleeps")
def tests_do_not_sleep(tree):
    words = re.compile(r"\bsleep_(?:for|until)\b|\b(?:u|nano)sleep\b|(?<![\w.>])sleep\s*\(")
    for file in tree.files(".h", ".cpp", under=("tests",)):
        for match in words.finditer(file.code):
            yield f"{file.path}:{line_of(file.code, match.start())}: {match.group()}"


LOG_ID = re.compile(
    r"(?:\bLevel\s*::\s*\w+\s*,"  # log(LogLine::Level::error, "ID", ...)
    r"|\bspdlog\s*::\s*(?:info|warn|error|critical)\s*\("
    r"|(?:->|\.)\s*(?:info|warn|error|critical)\s*\("
    r"|\bLOG(?:_[A-Z]+)?\s*\()"
    r'\s*"([A-Z][A-Z0-9_]+)')


@check("Every log id is in the catalogue")
def log_ids_are_documented(tree):
    catalogue = tree.root / "docs/LOG_MESSAGES.md"
    if not catalogue.exists():
        return
    documented = set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", catalogue.read_text(encoding="utf-8")))
    for file in tree.files(".h", ".cpp", under=("nidd", "queueing", "quota", "scef-adapter", "lwm2m-core")):
        for match in LOG_ID.finditer(file.code_with_literals):
            if match.group(1) not in documented:
                yield (f"{file.path}:{line_of(file.code_with_literals, match.start(1))}: "
                       f"{match.group(1)} is not in docs/LOG_MESSAGES.md")


RECORD_VERSION = re.compile(r"\bconstexpr\s+std::uint8_t\s+(?!oldest_)(?:\w+_)?version\s*=\s*(\d+)")


@check("The schema of the store is the sum of the versions of all records")
def schema_follows_records(tree):
    total, schema = 0, None
    for file in tree.files(".h", ".cpp", under=("queueing", "scef-adapter")):
        if file.path.startswith("scef-adapter/admin/"):  # reads records, has none
            continue
        total += sum(int(number) for number in RECORD_VERSION.findall(file.code))
        for match in re.finditer(r"\brecord_schema\s*=\s*(\d+)", file.code):
            schema = (f"{file.path}:{line_of(file.code, match.start())}", int(match.group(1)))
    if schema is not None and schema[1] != total:
        yield f"{schema[0]}: record_schema is {schema[1]}, the versions of the records add up to {total}"


@check("Every source file is built")
def sources_are_built(tree):
    listed = Counter()
    for lists in tree.files("CMakeLists.txt"):
        for name in re.findall(r"[\w./-]+\.cpp\b", re.sub(r"#[^\n]*", "", lists.text)):
            path = PurePosixPath(lists.folder) / name
            parts = []
            for part in path.parts:
                parts = parts[:-1] if part == ".." else parts + [part]
            listed["/".join(parts)] += 1
    for file in tree.files(".cpp", under=PARTS):
        if file.path not in listed:
            yield f"{file.path}: is in no CMakeLists.txt"


ROW_NAME = re.compile(r'\b(?:Downlink|Server|Uplink)Row\s*\{\s*"([^"]+)"')


@check("Every row of the exchange tables is in docs/exchanges.md")
def rows_are_documented(tree):
    document = tree.root / "docs/exchanges.md"
    if not document.exists():
        return
    printed = set(re.findall(r"^\| ([^|]+?) \|", document.read_text(encoding="utf-8"), re.MULTILINE))
    for file in tree.files(".cpp", under=("queueing",)):
        for match in ROW_NAME.finditer(file.code_with_literals):
            if match.group(1) not in printed:
                yield (f"{file.path}:{line_of(file.code_with_literals, match.start(1))}: "
                       f"row '{match.group(1)}' is not in docs/exchanges.md")


@check("Every row of docs/exchanges.md is named in a test")
def rows_are_tested(tree):
    document = tree.root / "docs/exchanges.md"
    if not document.exists():
        return
    rows = set(re.findall(r"^\| ([DU]\d+)\b", document.read_text(encoding="utf-8"), re.MULTILINE))
    named = set()
    for file in tree.files(".cpp", under=("tests",)):
        named.update(re.findall(r"[ \"]([DU]\d+)(?=[_ \"])", file.code_with_literals))
    for row in sorted(rows - named):
        yield f"docs/exchanges.md: {row} is in no test"


@check("Every function that docs/exchanges.md names is there")
def named_functions_exist(tree):
    document = tree.root / "docs/exchanges.md"
    if not document.exists():
        return
    words = {word for file in tree.cpp for word in re.findall(r"\w+", file.code)}
    for number, line in enumerate(document.read_text(encoding="utf-8").split("\n"), start=1):
        if not re.match(r"\| ([DU]\d+)? \|", line):
            continue
        for name in re.findall(r"`(\w+)`", line.rstrip(" |").split("|")[-1]):
            if name not in words:
                yield f"docs/exchanges.md:{number}: there is no {name}"


T8_ROW = re.compile(r"`([a-z0-9_]+\.[a-z0-9_]+)`")
TEST_NAME = re.compile(r"\bTEST(?:_[FP])?\s*\(\s*\w+\s*,\s*(\w+)")


def tables_of(document):
    """(section, line of the header, first cells) of each table of a Markdown text."""
    section, table = "", None
    for number, line in enumerate(document.split("\n") + [""], start=1):
        if line.startswith("## "):
            section = line[3:].strip()
        if not line.startswith("|"):
            if table:
                yield table
            table = None
            continue
        table = table or (section, number, [])
        table[2].append(line.split("|")[1].strip())


@check("Every row of docs/t8-outcomes.md is named in a flow test")
def t8_rows_are_tested(tree):
    path = "docs/t8-outcomes.md"
    if not (tree.root / path).exists():
        return
    flow = tree.files(".h", ".cpp", under=("tests/flow",))
    literals = {literal for file in flow
                for literal in re.findall(r'"([a-z0-9_]+\.[a-z0-9_]+)"', file.code_with_literals)}
    names = [name for file in flow for name in TEST_NAME.findall(file.code)]
    rows = set()
    for section, line, cells in tables_of((tree.root / path).read_text(encoding="utf-8")):
        if cells[0] != "row":
            if section not in T8_TESTED_ELSEWHERE:
                yield f"{path}:{line}: the table has no column 'row' that a test could go by"
            continue
        for at, cell in enumerate(cells[2:], start=line + 2):
            row = T8_ROW.fullmatch(cell)
            if row is None or row.group(1) in rows:
                yield f"{path}:{at}: {cell or 'the row'} is no name, or one that another row has"
                continue
            rows.add(row.group(1))
            start = row.group(1).replace(".", "_") + "_"
            if row.group(1) not in literals and not any(name.startswith(start) for name in names):
                yield f"{path}:{at}: {row.group(1)} is in no test of tests/flow"
    tables = {row.split(".")[0] for row in rows}
    for literal in sorted(literals - rows):
        if literal.split(".")[0] in tables:
            yield f"tests/flow: {literal} is no row of {path}"
