import {h} from "./dom.js";
import {octets, short, time} from "./format.js";

function meter(direction, limit) {
  const amount = limit.unit === "octets" ? octets : short;
  const share = limit.limit > 0 ? Math.min(1, limit.used / limit.limit) : 0;
  const bar = h("i");
  bar.style.width = `${(share * 100).toFixed(1)}%`;
  return h("div", {class: "limit"},
    h("div", {class: "row"}, h("span", {}, `${direction} ${limit.name}`),
      h("span", {}, `${amount(limit.used)} of ${amount(limit.limit)}`)),
    h("div", {class: `meter ${share >= 1 ? "bad" : share > 0.8 ? "warn" : ""}`}, bar),
    limit.used > 0 && limit.resetsAt ? h("div", {class: "soft"}, "all of it again ", time(limit.resetsAt)) : null);
}

/** The limits of a quota document, as bars. */
export function limitMeters(quota) {
  const bars = ["downlink", "uplink"].flatMap((direction) =>
    ["configured", "learned"].flatMap((kind) => (quota[direction]?.[kind] || []).map((limit) => meter(direction, limit))));
  return [h("p", {class: "soft"}, typeof quota.quota === "string" ? `Quota ${quota.quota}.` : quota.quota ? "Limits of its own." : "No quota.",
    quota.onExhausted ? ` When it is used up, messages ${quota.onExhausted === "wait" ? "wait" : "are refused"}.` : ""),
  bars.length > 0 ? bars : h("p", {class: "empty"}, "Unlimited.")];
}
