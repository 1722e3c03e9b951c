#!/usr/bin/env python3
"""Compiles each header of the project by itself: none may lean on what is included before it."""

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from source_tree import Tree


def complaint(compiler, root, header):
    """What the compiler says about one header; empty when it is content."""
    done = subprocess.run(
        [compiler, "-std=c++20", "-fsyntax-only", "-I", str(root), "-x", "c++", "-"],
        input=f'#include "{header}"\n', capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--compiler", default="c++")
    arguments = parser.parse_args()
    headers = [file.path for file in Tree(arguments.root).cpp if file.is_header]
    if not headers:
        print(f"headers_alone.py: there is no header below {arguments.root}", file=sys.stderr)
        return 1
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = list(pool.map(
            lambda header: complaint(arguments.compiler, arguments.root, header), headers))
    broken = [(header, said) for header, said in zip(headers, complaints) if said]
    for header, said in broken:
        print(f"{header} does not compile alone:\n{said}")
    print(f"{len(headers) - len(broken)} of {len(headers)} headers compile alone")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
