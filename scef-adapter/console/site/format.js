// Numbers, times and states for people.
import {badge, h} from "./dom.js";

export function short(value) {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 10000) return `${(value / 1000).toFixed(value >= 100000 ? 0 : 1)}k`;
  if (Number.isInteger(value)) return String(value);
  return value >= 10 ? value.toFixed(0) : value.toFixed(value >= 1 ? 1 : 2);
}

export function octets(count) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let i = 0;
  for (; count >= 1024 && i + 1 < units.length; ++i) count /= 1024;
  return `${i === 0 ? count : count.toFixed(1)} ${units[i]}`;
}

export function duration(seconds) {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  for (const [unit, size] of [["d", 86400], ["h", 3600], ["min", 60]]) {
    if (seconds >= 2 * size) return `${Math.round(seconds / size)} ${unit}`;
  }
  return `${Math.round(seconds)} s`;
}

export function clock(date) {
  return date.toLocaleTimeString([], {hour12: false});
}

/** "14:03:11, 5 min ago"; the whole date as a tooltip. */
export function time(text) {
  if (!text) return "–";
  const date = new Date(text);
  const seconds = (Date.now() - date) / 1000;
  const near = Math.abs(seconds) < 1 ? "now" : seconds > 0 ? `${duration(seconds)} ago` : `in ${duration(-seconds)}`;
  const day = date.toDateString() === new Date().toDateString() ? "" : `${date.toLocaleDateString()} `;
  return h("time", {datetime: text, title: date.toLocaleString()}, `${day}${clock(date)} `,
    h("span", {class: "soft"}, near));
}

const tones = {
  QUEUED: "calm", SENDING: "calm", ACCEPTED: "calm", DELIVERED: "good", EXPIRED: "warn", CANCELED: "", SUPERSEDED: "",
  UNCONFIRMED: "warn", FAILED: "bad", REJECTED: "bad", DEAD: "bad",
  ACTIVE: "good", PENDING: "calm", TERMINATED: "warn", TERMINATED_UE_NOT_AUTHORIZED: "bad", REFUSED: "bad",
  registered: "good", ended: "warn",
};
export const toneOf = (state) => tones[state] ?? "";
export const stateBadge = (state) => badge(state, toneOf(state));

/** What a device sent: as text if it is some, else in hexadecimal digits. */
export function payload(base64) {
  if (!base64) return "";
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  try {
    const text = new TextDecoder("utf-8", {fatal: true}).decode(bytes);
    if (!/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) return text;
  } catch { /* not text */ }
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

export const deviceLink = (id) => id ? h("a", {href: `#/devices/${encodeURIComponent(id)}`, class: "wrap"}, id) : "–";
export const messageLink = (id, text) => id ? h("a", {href: `#/messages/${id}`, class: "mono"}, text || `…${id.slice(-12)}`) : "–";
