import {card, fill, h} from "./dom.js";
import {deviceLink, messageLink, stateBadge, time} from "./format.js";
import {paged} from "./pager.js";
import {inWords, isOpen, requestOf} from "./words.js";

const states = ["QUEUED", "SENDING", "ACCEPTED", "UNCONFIRMED", "DELIVERED", "EXPIRED", "FAILED", "REJECTED", "CANCELED",
  "SUPERSEDED", "DEAD"];

export const messageColumns = (withDevice) => [
  ["Message", (message) => messageLink(message.id), "tight"],
  withDevice ? ["Device", (message) => deviceLink(message.externalId)] : null,
  ["Request", requestOf, "request"],
  ["State", (message) => stateBadge(message.state)],
  ["", (message) => inWords(message)],
  ["Attempts", (message) => message.attempts, "number"],
  ["Taken", (message) => time(message.createdAt), "tight"],
  ["Expires", (message) => isOpen(message) ? time(message.expiresAt) : "–", "tight"],
].filter((column) => column !== null);

export async function messages(page) {
  const list = h("div");
  const show = () => {
    fill(list, h("p", {class: "empty"}, "…"));
    return paged(list, `/messages?limit=100${choice.value ? `&state=${choice.value}` : ""}`, messageColumns(true), "No such message.")
      .catch((error) => fill(list, h("p", {class: "bad"}, error.message)));
  };
  const choice = h("select", {"aria-label": "State", onchange: show},
    h("option", {value: ""}, "all states"), states.map((state) => h("option", {value: state}, state)));
  fill(page, h("h1", {}, "Messages"), h("div", {class: "actions"}, choice,
    h("span", {class: "soft"}, "Open ones first, then those that ended, newest first, shard after shard.")), card(null, list));
  await show();
}
