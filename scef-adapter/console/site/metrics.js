// Reads the Prometheus text format of /metrics, and keeps what the plots show.
import {metricsText} from "./api.js";

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export class Sample {
  constructor(text) {
    this.at = Date.now();
    this.rows = new Map();
    for (const one of text.split("\n")) {
      const found = line.exec(one);
      if (!found || one.startsWith("#")) continue;
      const labels = {};
      for (const [, name, value] of (found[2] || "").matchAll(label)) labels[name] = value;
      const name = found[1].replace(/^scef_adapter_/, "");
      if (!this.rows.has(name)) this.rows.set(name, []);
      this.rows.get(name).push({labels, value: Number(found[3])});
    }
  }

  all(name, where = {}) {
    return (this.rows.get(name) || []).filter((row) =>
      Object.entries(where).every(([key, wanted]) => [wanted].flat().includes(row.labels[key])));
  }

  sum(name, where) {
    return this.all(name, where).reduce((sum, row) => sum + row.value, 0);
  }

  max(name, where) {
    return this.all(name, where).reduce((max, row) => Math.max(max, row.value), 0);
  }

  /** Sums by the value of a label. */
  by(name, key, where) {
    const sums = new Map();
    for (const row of this.all(name, where)) {
      sums.set(row.labels[key], (sums.get(row.labels[key]) || 0) + row.value);
    }
    return sums;
  }
}

const period = 2000;
const kept = 450;  // 15 minutes

/** The last quarter of an hour, as long as the tab is open; read every two seconds while watched. */
class History {
  constructor() {
    this.samples = [];
    this.watchers = new Set();
    this.timer = null;
    this.isReading = false;
  }

  get now() { return this.samples.at(-1); }

  watch(watcher) {
    this.watchers.add(watcher);
    if (this.now) watcher(this);
    if (!this.isReading && this.timer === null) this.read();
    return () => this.watchers.delete(watcher);
  }

  async read() {
    this.isReading = true;
    try {
      this.samples.push(new Sample(await metricsText()));
      if (this.samples.length > kept) this.samples.shift();
      this.error = null;
    } catch (error) {
      this.error = error.message;
    }
    for (const watcher of this.watchers) watcher(this);
    this.isReading = false;
    this.timer = this.watchers.size > 0 ? setTimeout(() => this.read(), period) : null;
  }

  /** Points {at, value}: what a counter gained a second, over a window of about ten seconds. */
  rate(name, where) {
    const points = [];
    for (let i = 1; i < this.samples.length; ++i) {
      const from = this.samples[Math.max(0, i - 5)];
      const to = this.samples[i];
      const gained = to.sum(name, where) - from.sum(name, where);
      points.push({at: to.at, value: Math.max(0, gained) / ((to.at - from.at) / 1000)});
    }
    return points;
  }

  /** Points of a gauge. */
  level(name, where) {
    return this.samples.map((sample) => ({at: sample.at, value: sample.sum(name, where)}));
  }

  /** What a counter gained in the last `seconds`, or since the tab was opened. */
  gained(name, where, seconds) {
    const from = this.samples.find((sample) => sample.at >= this.now.at - seconds * 1000);
    return Math.max(0, this.now.sum(name, where) - from.sum(name, where));
  }
}

export const history = new History();
