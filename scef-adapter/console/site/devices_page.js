import {fill, h, badge, card} from "./dom.js";
import {deviceLink, stateBadge, time} from "./format.js";
import {paged} from "./pager.js";

const hears = {always: "always", edrx: "eDRX", psm: "PSM"};

export function reachability({reachability}) {
  const kind = hears[reachability.kind] || reachability.kind;
  return reachability.reachable ? badge(`hears · ${kind}`, "good") : badge(`sleeps · ${kind}`);
}

export async function devices(page) {
  const list = h("div");
  fill(page, h("h1", {}, "Devices"), card(null, list));
  await paged(list, "/devices?limit=100", [
    ["External Identifier", (device) => [deviceLink(device.externalId), device.paused ? [" ", badge("paused", "warn")] : null]],
    ["Profile", (device) => device.profile],
    ["Now", reachability, "tight"],
    ["Last heard", (device) => time(device.reachability.lastUplink), "tight"],
    ["NIDD configuration", (device) => stateBadge(device.niddConfiguration.status)],
    ["Registered as", (device) => device.registration ? device.registration.endpoint : "–", "wrap"],
    ["Queue", (device) => device.queue.messages, "number"],
  ], "No devices yet: scef-adapterctl devices add, or devices import.");
}
