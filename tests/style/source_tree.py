"""The project's files, and C++ text with its comments and literals blanked out."""

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PARTS = ("lwm2m-core", "nidd", "quota", "queueing", "scef-adapter", "simulators", "tests")
TOP_FOLDERS = PARTS + ("docs", "packaging", "scripts")

_TOKEN = re.compile(
    r"""
      (?P<number>(?<!\w)\d(?:'?[\w.])*)
    | (?P<raw>\b(?:u8|[uUL])?R"(?P<fence>[^()\\\s]{0,16})\(.*?\)(?P=fence)")
    | (?P<string>"(?:\\.|[^"\\\n])*")
    | (?P<character>'(?:\\.|[^'\\\n])*')
    | (?P<line>//(?:\\\n|[^\n])*)
    | (?P<block>/\*.*?\*/)
    """,
    re.VERBOSE | re.DOTALL,
)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


def _without(text, *, literals):
    def replacement(match):
        if match.lastgroup == "number" or match.group("number"):
            return match.group()
        if match.group("line") or match.group("block"):
            return _blank(match.group())
        if not literals:
            return match.group()
        whole = match.group()
        return whole[0] + _blank(whole[1:-1]) + whole[-1]

    return _TOKEN.sub(replacement, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


@dataclass(frozen=True)
class SourceFile:
    root: Path
    path: str  # from the repository root, with slashes

    @cached_property
    def text(self):
        return (self.root / self.path).read_text(encoding="utf-8", errors="replace")

    @cached_property
    def code(self):
        """The text with comments and the inside of literals blanked; lines stay where they are."""
        return _without(self.text, literals=True)

    @cached_property
    def code_with_literals(self):
        return _without(self.text, literals=False)

    @cached_property
    def includes(self):
        """(line, header, is_quoted) of each #include."""
        text = self.code_with_literals
        return [(line_of(text, match.start(1)), match.group(2), match.group(1) == '"')
                for match in _INCLUDE.finditer(text)]

    @property
    def folder(self):
        return os.path.dirname(self.path)

    @property
    def is_header(self):
        return self.path.endswith(".h")


class Tree:
    """Every file below the project's own folders; build results and hidden folders are not looked at."""

    def __init__(self, root):
        self.root = Path(root)

    def files(self, *endings, under=TOP_FOLDERS):
        found = []
        for top in under:
            for folder, children, names in os.walk(self.root / top):
                children[:] = sorted(name for name in children
                                     if not name.startswith(".") and name not in ("build", "__pycache__"))
                relative = os.path.relpath(folder, self.root).replace(os.sep, "/")
                found += [SourceFile(self.root, f"{relative}/{name}") for name in sorted(names)
                          if name.endswith(endings)]
        return found

    @cached_property
    def cpp(self):
        return self.files(".h", ".cpp", under=PARTS)


def is_below(path, folder):
    return path == folder or path.startswith(folder + "/")


def most_specific(table, path):
    """The entry of the longest folder in `table` that holds `path`, or None."""
    holders = [folder for folder in table if is_below(path, folder)]
    return table[max(holders, key=len)] if holders else None
