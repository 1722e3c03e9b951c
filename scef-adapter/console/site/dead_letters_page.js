import {post} from "./api.js";
import {act, card, fill, h} from "./dom.js";
import {deviceLink, messageLink, time} from "./format.js";
import {paged} from "./pager.js";
import {inWords, requestOf} from "./words.js";

export async function deadLetters(page) {
  const list = h("div");
  const show = () => paged(list, "/deadletters?replayed=false&limit=100", [
    ["Message", (message) => messageLink(message.id), "tight"],
    ["Device", (message) => deviceLink(message.externalId)],
    ["Request", requestOf, "request"],
    ["Why", (message) => [inWords(message), message.detail ? h("div", {class: "soft wrap"}, message.detail) : null]],
    ["Ended", (message) => time(message.endedAt), "tight"],
    ["", (message) => h("button", {onclick: async () => {
      await act(() => post(`/deadletters/${message.id}:replay`, {}), "Sent again.");
      show();
    }}, "Send again")],
  ], "No dead letters: nothing was given up.");
  fill(page, h("h1", {}, "Dead letters"),
    h("p", {class: "soft"}, "Messages that were given up after all their attempts, and not yet sent again."), card(null, list));
  await show();
}
