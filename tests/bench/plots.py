#!/usr/bin/env python3
"""Draws what was measured: plots.py FIGURES.json FOLDER writes latency.svg and fleet.svg there."""

import json
import math
import os
import sys

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 30, 50
COLOURS = ("#1b6ca8", "#c0504d", "#4f8f3a", "#7d5ba6")


class Plot:
    """Lines over a logarithmic or linear x; y from zero or logarithmic."""

    def __init__(self, title, x_label, y_label, x_log=False, y_log=False):
        self.title, self.x_label, self.y_label = title, x_label, y_label
        self.x_log, self.y_log = x_log, y_log
        self.lines = []

    def add(self, name, points):
        self.lines.append((name, points))

    def svg(self):
        xs = [x for _, points in self.lines for x, _ in points]
        ys = [y for _, points in self.lines for _, y in points]
        x_of = scale(min(xs) if self.x_log else 0, max(xs), LEFT, WIDTH - RIGHT, self.x_log)
        y_of = scale(min(ys) if self.y_log else 0, max(ys), HEIGHT - BOTTOM, TOP, self.y_log)
        parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
                 'font-family="sans-serif" font-size="12">',
                 f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
                 text(LEFT, 18, self.title, "start"),
                 text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, self.x_label),
                 text(LEFT, TOP - 2, self.y_label, "start", "#666")]
        for x in sorted(set(xs)):
            parts.append(text(x_of(x), HEIGHT - BOTTOM + 16, number(x)))
        for y in ticks(min(ys), max(ys), self.y_log):
            parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y_of(y):.1f}" y2="{y_of(y):.1f}" '
                         'stroke="#ddd"/>')
            parts.append(text(LEFT - 6, y_of(y) + 4, number(y), "end"))
        for (name, points), colour in zip(self.lines, COLOURS):
            path = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in points)
            parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
            parts += [f'<circle cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="3" fill="{colour}"/>'
                      for x, y in points]
            last = points[-1]
            parts.append(text(x_of(last[0]) + 8, y_of(last[1]) + 4, name, "start", colour))
        return "\n".join([*parts, "</svg>"]) + "\n"


def scale(low, high, begin, end, logarithmic):
    turn = (lambda value: math.log10(max(value, 1e-9))) if logarithmic else float
    span = (turn(high) - turn(low)) or 1
    return lambda value: begin + (turn(value) - turn(low)) / span * (end - begin)


def ticks(low, high, logarithmic):
    if logarithmic:
        first, last = math.floor(math.log10(max(low, 1e-9))), math.ceil(math.log10(max(high, 1e-9)))
        return [10.0**power for power in range(first, last + 1) if low <= 10.0**power <= high]
    step = 10 ** math.floor(math.log10(high or 1))
    if high / step < 3:
        step /= 2
    return [step * count for count in range(int(high / step) + 1)]


def number(value):
    if value >= 1e6:
        return f"{value / 1e6:g}M"
    return f"{value / 1e3:g}k" if value >= 1e4 else f"{value:g}"


def text(x, y, words, anchor="middle", colour="#222"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def latency(rows):
    plot = Plot("Latency against load, durable", "load, % of the maximum", "ms", y_log=True)
    loads = [10, 25, 50, 75, 90]
    for name, figure in (("POST, p50", "to_scef_p50_ms"), ("POST, p99", "to_scef_p99_ms"),
                         ("answer, p50", "to_answer_p50_ms"), ("answer, p99", "to_answer_p99_ms")):
        plot.add(name, [(load, rows["latency"][f"load_{load}_{figure}"]) for load in loads])
    return plot.svg()


def fleet(rows):
    plot = Plot("Cost of a round trip against the fleet", "devices", "µs of processor time", x_log=True)
    units = {"k": 1_000, "M": 1_000_000}
    sizes = [name[:-len("_adapter_us")] for name in rows["scale"] if name.endswith("_adapter_us")]
    count = lambda size: int(size[:-1]) * units[size[-1]] if size[-1] in units else int(size)
    plot.add("adapter", [(count(size), rows["scale"][f"{size}_adapter_us"]) for size in sizes])
    plot.add("peers", [(count(size), rows["scale"][f"{size}_load_us"]) for size in sizes])
    return plot.svg()


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    with open(arguments[0], encoding="utf-8") as file:
        rows = json.load(file)["rows"]
    for row, name, draw in (("latency", "latency.svg", latency), ("scale", "fleet.svg", fleet)):
        if row in rows:
            with open(os.path.join(arguments[1], name), "w", encoding="utf-8") as file:
                file.write(draw(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
