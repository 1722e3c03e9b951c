// Do downlinks arrive? What waits, for what, and what happens now.
import {follow} from "./api.js";
import {badge, card, fill, h, table} from "./dom.js";
import {eventRow, eventTable} from "./event_table.js";
import {duration, octets, short} from "./format.js";
import {history} from "./metrics.js";
import {Plot} from "./plot.js";
import {inWords} from "./words.js";

const failed = ["FAILED", "REJECTED", "DEAD"];

function tile(label, value, hint, tone = "") {
  return h("div", {class: `card tile ${tone}`}, h("div", {class: "label"}, label),
    h("div", {class: "value"}, value), h("div", {class: "label"}, hint));
}

function tiles(now) {
  const ended = (state) => history.gained("messages_terminal_total", {state}, 60);
  const good = ended("DELIVERED");
  const bad = ended(["EXPIRED", "UNCONFIRMED", ...failed]);
  const oldest = now.max("queue_oldest_age_seconds");
  const down = now.all("t8_up").filter((row) => row.value === 0).length;
  return [
    tile("Devices", short(now.sum("devices")), `${short(now.sum("devices_registered"))} registered`),
    tile("Open messages", short(now.sum("messages_open")),
      `${short(now.sum("messages_open", {state: "QUEUED"}))} queued, ${octets(now.sum("queue_bytes"))}`),
    tile("Delivered, last minute", short(good), "confirmed by SCEF, network or device", good > 0 ? "good" : ""),
    tile("Not delivered, last minute", short(bad), "expired, unconfirmed, failed", bad > 0 ? "warn" : ""),
    tile("Oldest in queue", oldest > 0 ? duration(oldest) : "–",
      `${short(now.sum("queue_near_expiry_messages"))} near their expiry`),
    tile("SCEFs", down > 0 ? `${down} down` : "up", `slowest commit ${duration(now.max("store_commit_duration_max_seconds"))}`,
      down > 0 ? "bad" : "good"),
  ];
}

function waiting(now) {
  const rows = [...now.by("queue_messages", "reason")].filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
  return table([
    ["For", ([reason]) => inWords({state: "QUEUED", reason: reason === "none" ? "order" : reason})],
    ["Messages", ([, count]) => short(count), "number"],
  ], rows, "Nothing waits.");
}

function scefTable(now) {
  const names = [...now.by("t8_up", "scef").keys()];
  const seconds = (name) => {
    const count = now.sum("t8_request_duration_seconds_count", {scef: name});
    return count > 0 ? duration(now.sum("t8_request_duration_seconds_sum", {scef: name}) / count) : "–";
  };
  return table([
    ["SCEF", (name) => h("a", {href: "#/scefs"}, name)],
    ["", (name) => now.sum("t8_up", {scef: name}) > 0 ? badge("up", "good") : badge("down", "bad")],
    ["Configurations", (name) => {
      const active = now.sum("nidd_configurations", {scef: name, status: "ACTIVE"});
      const all = now.sum("nidd_configurations", {scef: name});
      return `${short(active)} of ${short(all)} active`;
    }],
    ["Mean answer", seconds, "number"],
    ["Open breakers", (name) => short(now.sum("t8_breakers_open", {scef: name})), "number"],
  ], names, "No call to a SCEF yet.");
}

export function overview(page, _, leave) {
  const ends = new Plot("Messages that ended", "per second", [
    {name: "delivered", tone: "good"}, {name: "expired", tone: "warn"},
    {name: "failed", tone: "bad"}, {name: "unconfirmed", tone: "grey"}]);
  const open = new Plot("Open messages", "", [
    {name: "queued", tone: "calm"}, {name: "sending", tone: "accent"}, {name: "accepted by the SCEF", tone: "grey"}]);
  const frames = new Plot("Frames on the air", "per second", [
    {name: "to devices", tone: "accent"}, {name: "from devices", tone: "calm"}]);
  const calls = new Plot("Calls to SCEFs", "per second", [
    {name: "done", tone: "good"}, {name: "throttled", tone: "warn"}, {name: "other", tone: "bad"}]);
  const numbers = h("div", {class: "tiles"});
  const reasons = h("div");
  const scefs = h("div");
  const feed = eventTable("Nothing has happened since this page was opened.");
  fill(page, h("h1", {}, "Overview"), numbers,
    h("div", {class: "grid plots"}, ends.element, open.element, frames.element, calls.element),
    h("div", {class: "grid"}, card("What the queue waits for", reasons), card("SCEFs", scefs)),
    card("Happening now", feed.element));

  leave(history.watch(() => {
    const now = history.now;
    if (!now) return fill(numbers, h("p", {class: "bad"}, history.error));
    const ended = (state) => history.rate("messages_terminal_total", {state});
    fill(numbers, tiles(now));
    ends.update([ended("DELIVERED"), ended("EXPIRED"), ended(failed), ended("UNCONFIRMED")]);
    open.update(["QUEUED", "SENDING", "ACCEPTED"].map((state) => history.level("messages_open", {state})));
    frames.update([history.rate("t8_deliveries_posted_total"), history.rate("uplinks_total")]);
    const all = history.rate("t8_requests_total");
    const done = history.rate("t8_requests_total", {outcome: "success"});
    const throttled = history.rate("t8_requests_total", {outcome: "throttled"});
    calls.update([done, throttled,
      all.map((point, i) => ({at: point.at, value: Math.max(0, point.value - done[i].value - throttled[i].value)}))]);
    fill(reasons, waiting(now));
    fill(scefs, scefTable(now));
  }));
  leave(follow({}, (event) => feed.add(eventRow(event))));
}
