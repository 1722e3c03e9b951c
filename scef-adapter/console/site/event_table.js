// Events as rows of a table that grows at its top.
import {fill, h} from "./dom.js";
import {clock, deviceLink, duration, messageLink, payload, stateBadge} from "./format.js";
import {inWords, levelInWords} from "./words.js";

const kept = 200;

function what(event) {
  switch (event.type) {
    case "message":
      return [stateBadge(event.state), " ", messageLink(event.messageId), " ",
        event.state === "DELIVERED" ? levelInWords(event.level) : inWords(event),
        Number.isFinite(event.latencyMs) ? `, after ${duration(event.latencyMs / 1000)}` : "",
        event.response ? [" · ", h("code", {class: "wrap"}, event.response.code, " ", payload(event.response.payload))] : null,
        event.detail ? h("span", {class: "soft"}, ` · ${event.detail}`) : null];
    case "registration":
      return [stateBadge(event.change), ` at ${event.server}`, event.endpoint ? ` as ${event.endpoint}` : ""];
    case "configuration":
      return ["NIDD configuration ", stateBadge(event.status), event.cause ? ` ${event.cause}` : ""];
    case "uplink":
      return ["sent ", h("code", {class: "wrap"}, payload(event.payload))];
    default:
      return event.type;
  }
}

export function eventRow(event) {
  const at = new Date(event.at);
  return h("tr", {}, h("td", {class: "tight", title: at.toLocaleString()}, clock(at)),
    h("td", {}, deviceLink(event.externalId)), h("td", {class: "wrap"}, what(event)));
}

/** {element, add(row), clear()}: the newest row first. */
export function eventTable(ifEmpty) {
  const body = h("tbody");
  const empty = h("p", {class: "empty"}, ifEmpty);
  const head = h("thead", {}, h("tr", {}, ["At", "Device", "What"].map((title) => h("th", {scope: "col"}, title))));
  return {
    element: h("div", {class: "scroll"}, h("table", {}, head, body), empty),
    add(row) {
      empty.hidden = true;
      body.prepend(row);
      if (body.childElementCount > kept) body.lastElementChild.remove();
    },
    clear() { fill(body); empty.hidden = false; },
  };
}
