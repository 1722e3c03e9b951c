"""Finds the functions of a C++ text by its braces: good enough to measure them."""

import re
from dataclasses import dataclass

from source_tree import line_of

_PREPROCESSOR = re.compile(r"^[ \t]*#(?:\\\n|[^\n])*", re.MULTILINE)
_MARK = re.compile(r"[{};]")
_SCOPE = re.compile(r"\b(?:namespace|class|struct|union|enum)\b(?![^{]*\))|\bextern\s*\"[^\"]*\"\s*$")
_NAME = re.compile(r"([\w:~]+|operator\s*[^\s(]+)\s*\(")
_TAIL = re.compile(
    r"\)\s*(?:const|volatile|noexcept(?:\s*\([^()]*\))?|override|final|mutable|try|&&?|"
    r"requires\b[^{};]*|->[^{};]*|\s)*$")


@dataclass(frozen=True)
class Function:
    name: str
    line: int
    lines: int


def functions_of(code):
    """The functions with a body in `code`, whose comments and literals are blanked. A lambda counts
    for the function around it; the lines are those from the opening brace to the closing one."""
    code = _PREPROCESSOR.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), code)
    found = []
    open_braces = []  # (name of the function or None, offset, where to go on reading its declaration)
    inside_function = 0
    start = 0
    for mark in _MARK.finditer(code):
        before = code[start:mark.start()]
        if mark.group() == "{":
            name = None if inside_function else _function_name(before)
            is_initializer = name is None and not _SCOPE.search(before)
            open_braces.append((name, mark.start(), start if is_initializer else None))
            inside_function += name is not None
        start = mark.end()
        if mark.group() == "}" and open_braces:
            name, opened, declaration = open_braces.pop()
            if declaration is not None:
                start = declaration
            if name is not None:
                inside_function -= 1
                first = line_of(code, opened)
                found.append(Function(name, first, line_of(code, mark.start()) - first + 1))
    return found


def _function_name(before):
    """The name of the function whose body begins after `before`; None if it is none."""
    if _SCOPE.search(before) or not _TAIL.search(before):
        return None
    name = _NAME.search(before)
    return name.group(1) if name else "a lambda"
