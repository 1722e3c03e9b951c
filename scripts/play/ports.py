"""Free ports for programs that are started beside others which look for free ports at the same time."""

import fcntl
import os
import random
import socket
import tempfile

# Below the ephemeral range, so that no socket on port 0 takes what is promised here, and beside the
# default ports of the programs.
SINGLE = range(10000, 15000)
BLOCKS = range(16000, 32000)
BLOCK = 512

_reserved = []  # open lock files: a reservation ends with the process that made it


class NoPort(OSError):
    """Every port that may be used is taken."""


def is_free(port, kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:  # past connections; for UDP it would share the port of another
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def _reserve(name):
    """Whether no other process holds this name; then nobody else gets it."""
    folder = os.path.join(tempfile.gettempdir(), f"scef-ports-{os.getuid()}")
    os.makedirs(folder, exist_ok=True)
    lock = open(os.path.join(folder, name), "wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return False
    _reserved.append(lock)
    return True


def one():
    """A port that is free for TCP and UDP, and that no other process gets from here."""
    for port in random.sample(SINGLE, len(SINGLE)):
        if is_free(port, socket.SOCK_STREAM) and is_free(port, socket.SOCK_DGRAM) and _reserve(str(port)):
            return port
    raise NoPort(f"no free port from {SINGLE.start} to {SINGLE.stop}")


def in_a_row(count):
    """The first of `count` UDP ports in a row, free and reserved as `one` is."""
    step = -(-count // BLOCK) * BLOCK
    bases = list(range(BLOCKS.start, BLOCKS.stop - step + 1, step))
    random.shuffle(bases)
    for base in bases:
        names = [f"block-{first}" for first in range(base, base + step, BLOCK)]
        if all(map(_reserve, names)) and are_free(base, count):
            return base
    raise NoPort(f"no {count} free UDP ports in a row below {BLOCKS.stop}")


def are_free(base, count):
    return all(is_free(port, socket.SOCK_DGRAM) for port in range(base, base + count))
