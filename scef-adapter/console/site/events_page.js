import {follow} from "./api.js";
import {badge, card, fill, h} from "./dom.js";
import {eventRow, eventTable} from "./event_table.js";

export function events(page, _, leave) {
  const feed = eventTable("No events in this time.");
  const state = h("span");
  let stop = () => {};
  function start() {
    stop();
    feed.clear();
    const parameters = {since: since.value};
    if (type.value) parameters.type = type.value;
    stop = follow(parameters, (event) => feed.add(eventRow(event)),
      (open) => fill(state, open ? badge("live", "good") : badge("connecting", "warn")));
  }
  const choice = (title, options) => h("select", {"aria-label": title, onchange: start},
    options.map(([value, text]) => h("option", {value}, text)));
  const type = choice("Type", [["", "all types"], ["message", "messages"], ["registration", "registrations"],
    ["configuration", "configurations"], ["uplink", "uplinks"]]);
  const since = choice("Since", [["10m", "last 10 minutes"], ["1h", "last hour"], ["24h", "last day"]]);
  fill(page, h("h1", {}, "Events"), h("div", {class: "actions"}, type, since, state,
    h("span", {class: "soft"}, "The newest 200.")), card(null, feed.element));
  start();
  leave(() => stop());
}
