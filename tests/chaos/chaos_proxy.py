#!/usr/bin/env python3
"""Puts faults between two programs that speak UDP or TCP: loss, repetition, another order, delay, flipped
bits; refusals, resets in the middle, octets that drip, connections that are held. As a module it is
`DatagramProxy` and `StreamProxy` with their `Weather` and `Plan`.

  chaos_proxy.py udp --upstream 127.0.0.1:5683 --loss 0.3 --duplication 0.2
  chaos_proxy.py tcp --upstream 127.0.0.1:8081 --reset-after-response 20

It prints where it listens and its seed, and runs until SIGINT or SIGTERM.
"""

import argparse
import dataclasses
import os
import signal
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from datagram_proxy import CALM, DatagramProxy, Weather  # noqa: E402
from stream_proxy import PLAIN, Plan, StreamProxy  # noqa: E402

__all__ = ["CALM", "DatagramProxy", "PLAIN", "Plan", "StreamProxy", "Weather"]


def split(address):
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"'{address}' is not HOST:PORT")
    return host, int(port)


def share(text):
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not from 0 to 1")
    return value


def option(name):
    return "--" + name.replace("_", "-")


def arguments_of(words):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(dest="kind", required=True)
    udp = kinds.add_parser("udp", help="datagrams")
    tcp = kinds.add_parser("tcp", help="connections")
    for each in (udp, tcp):
        each.add_argument("--listen", type=split, default=("127.0.0.1", 0), metavar="HOST:PORT")
        each.add_argument("--upstream", type=split, required=True, metavar="HOST:PORT")
    udp.add_argument("--seed", type=int, help="of the dice; a random one is printed")
    udp.add_argument("--direction", choices=["requests", "responses", "both"], default="both",
                     help="requests: from clients to upstream")
    shares = {"loss", "duplication", "reordering", "corruption"}
    for field in dataclasses.fields(Weather):
        udp.add_argument(option(field.name), default=field.default, metavar="N",
                         type=share if field.name in shares else type(field.default))
    for field in dataclasses.fields(Plan):
        kind = float if field.name == "delay" else int
        tcp.add_argument(option(field.name), type=kind, default=field.default, metavar="N")
    return parser.parse_args(words)


def made(kind, arguments):
    return kind(**{field.name: getattr(arguments, field.name) for field in dataclasses.fields(kind)})


def main(words):
    arguments = arguments_of(words)
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    if arguments.kind == "udp":
        weather = made(Weather, arguments)
        ways = {way: weather for way in ("requests", "responses")
                if arguments.direction in (way, "both")}
        proxy = DatagramProxy(arguments.upstream, seed=arguments.seed, listen=arguments.listen, **ways)
        print(f"listening udp={proxy.address} seed={proxy.seed}", flush=True)
    else:
        proxy = StreamProxy(arguments.upstream, made(Plan, arguments), arguments.listen)
        print(f"listening tcp={proxy.address}", flush=True)
    signal.sigwait(signals)
    proxy.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
