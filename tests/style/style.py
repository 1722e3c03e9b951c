#!/usr/bin/env python3
"""Checks the project's own rules about its source.

  style.py --list              the checks, one a line
  style.py [--root DIR] NAME   runs one check
  style.py [--root DIR]        runs all of them

Exits with 1 when a rule is broken, and names each place.
"""

import argparse
import sys
from pathlib import Path

from checks import CHECKS
from source_tree import Tree


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--list", action="store_true")
    parser.add_argument("name", nargs="?")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(CHECKS))
        return 0
    if arguments.name and arguments.name not in CHECKS:
        print(f"style.py: there is no check named '{arguments.name}'", file=sys.stderr)
        return 1
    tree = Tree(arguments.root)
    if not tree.cpp:
        print(f"style.py: there is no source below {arguments.root}", file=sys.stderr)
        return 1
    broken = 0
    for sentence in [arguments.name] if arguments.name else CHECKS:
        places = list(CHECKS[sentence](tree))
        if places:
            print(f"Broken: {sentence}.")
            print("".join(f"  {place}\n" for place in places), end="")
        broken += len(places)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
