// One plot of lines over the last minutes, at most a quarter of an hour.
import {fill, h} from "./dom.js";
import {clock, short} from "./format.js";

const width = 560;
const height = 170;
const left = 40;
const bottom = 20;
const minute = 60 * 1000;

/** The smallest of 1, 2, 5, 10, 20 … that is not below the value. */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999);
}

export class Plot {
  /** Series: [{name, tone}]; `update` takes as many lists of {at, value}. */
  constructor(title, unit, series) {
    this.unit = unit;
    this.series = series;
    this.svg = h("svg", {viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title});
    this.legend = h("div", {class: "legend"});
    this.element = h("section", {class: "card plot"},
      h("h2", {}, title, " ", h("span", {class: "soft"}, unit)), this.svg, this.legend);
    this.pointer = null;
    this.svg.addEventListener("pointermove", (event) => {
      const box = this.svg.getBoundingClientRect();
      this.pointer = (event.clientX - box.left) / box.width * width;
      this.draw();
    });
    this.svg.addEventListener("pointerleave", () => { this.pointer = null; this.draw(); });
    this.lines = series.map(() => []);
  }

  update(lines) {
    this.lines = lines;
    this.draw();
  }

  draw() {
    const end = Math.max(0, ...this.lines.map((points) => points.at(-1)?.at || 0)) || Date.now();
    const begin = Math.min(end, ...this.lines.map((points) => points[0]?.at || end));
    // As long as there is little to show, it has the whole width.
    const span = [2, 5, 15].map((minutes) => minutes * minute).find((one) => one >= end - begin) || 15 * minute;
    const top = roundUp(Math.max(1, ...this.lines.flat().map((point) => point.value)));
    const x = (at) => left + (width - left) * (1 - (end - at) / span);
    const y = (value) => 6 + (height - bottom - 6) * (1 - value / top);
    const parts = [0, 0.5, 1].flatMap((share) => [
      h("line", {class: "axis", x1: left, x2: width, y1: y(top * share), y2: y(top * share)}),
      h("text", {x: left - 6, y: y(top * share) + 4, "text-anchor": "end"}, short(top * share)),
    ]);
    for (const share of [1, 0.5]) {
      parts.push(h("text", {x: x(end - span * share), y: height - 4, "text-anchor": share === 1 ? "start" : "middle"},
        `−${span * share / minute} min`));
    }
    parts.push(h("text", {x: width, y: height - 4, "text-anchor": "end"}, "now"));
    this.lines.forEach((points, i) => parts.push(h("polyline", {
      class: `series ${this.series[i].tone}-line`,
      points: points.map((point) => `${x(point.at).toFixed(1)},${y(point.value).toFixed(1)}`).join(" "),
    })));
    const at = this.pointer === null ? end : end - span * (1 - (this.pointer - left) / (width - left));
    if (this.pointer !== null && this.pointer > left) {
      parts.push(h("line", {class: "cursor", x1: this.pointer, x2: this.pointer, y1: 6, y2: height - bottom}));
    }
    fill(this.svg, parts);
    fill(this.legend, this.series.map((series, i) => h("span", {},
      h("svg", {class: "swatch", viewBox: "0 0 14 3"},
        h("line", {class: `${series.tone}-line`, x1: 0, x2: 14, y1: 1.5, y2: 1.5})),
      series.name, " ", h("b", {}, valueAt(this.lines[i], at)))),
      this.pointer !== null ? h("span", {class: "soft"}, clock(new Date(at))) : null);
  }
}

function valueAt(points, at) {
  let found = null;
  for (const point of points) {
    if (found === null || Math.abs(point.at - at) < Math.abs(found.at - at)) found = point;
  }
  return found === null ? "–" : short(found.value);
}
