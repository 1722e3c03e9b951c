#!/usr/bin/env python3
"""Compiles each source with an assertion as the release does: nothing may be there for assertions alone."""

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from source_tree import Tree

# g++, which compiles the release, has nothing against these.
LEFT_TO_CLANG = ["-Wno-unused-const-variable", "-Wno-unused-private-field"]


def complaint(compiler, root, source):
    """What the compiler says about one source; empty when it is content."""
    done = subprocess.run(
        [compiler, "-std=c++20", "-DNDEBUG", "-Wall", "-Wextra", "-Werror", *LEFT_TO_CLANG, "-fsyntax-only",
         "-I", str(root), str(root / source)], capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--compiler", default="c++")
    arguments = parser.parse_args()
    sources = [file.path for file in Tree(arguments.root).cpp
               if not file.is_header and not file.path.startswith("tests/")
               and re.search(r"\bassert\(", file.code)]
    if not sources:
        print(f"without_assertions.py: no source below {arguments.root} asserts", file=sys.stderr)
        return 1
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = list(pool.map(
            lambda source: complaint(arguments.compiler, arguments.root, source), sources))
    broken = [(source, said) for source, said in zip(sources, complaints) if said]
    for source, said in broken:
        print(f"{source} does not compile with NDEBUG:\n{said}")
    print(f"{len(sources) - len(broken)} of {len(sources)} sources compile without their assertions")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
