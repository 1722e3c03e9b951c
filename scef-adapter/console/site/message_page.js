// One message: what it is, how far it came, why, and what can be done.
import {call, follow, get, post} from "./api.js";
import {act, badge, card, definitions, fill, h, refill} from "./dom.js";
import {deviceLink, messageLink, payload, stateBadge, time, toneOf} from "./format.js";
import {advice, inWords, isOpen, levelInWords, requestOf} from "./words.js";

const replayable = ["DEAD", "FAILED", "EXPIRED", "REJECTED"];

function timelineItem(item) {
  return h("li", {class: toneOf(item.state)}, stateBadge(item.state), " ", inWords(item),
    item.attempt > 0 ? h("span", {class: "soft"}, ` · attempt ${item.attempt}`) : null, " ",
    h("div", {class: "soft"}, time(item.at), item.detail ? [" · ", h("span", {class: "wrap"}, item.detail)] : null));
}

export async function message(page, id, leave) {
  const title = h("h1");
  const words = h("p");
  const buttons = h("div", {class: "actions"});
  const about = h("div", {class: "grid"});
  fill(page, title, words, buttons, about);

  async function draw() {
    const [shown, timeline] = await Promise.all([get(`/messages/${id}`), get(`/messages/${id}/timeline`)]);
    const cancel = async () => {
      await act(() => call("DELETE", `/messages/${id}`),
        (answer) => answer.state === "CANCELED" ? "Canceled." : "The SCEF was asked to delete it.");
      draw();
    };
    const replay = async () => {
      const sent = await act(() => post(`/deadletters/${id}:replay`, {}), "Sent again.");
      if (sent) location.hash = `#/messages/${sent.id}`;
    };
    fill(title, requestOf(shown), stateBadge(shown.state), shown.priority === "normal" ? null : badge(shown.priority, "calm"));
    fill(words, "To ", deviceLink(shown.externalId), ". ", capital(inWords(shown)), ". ", h("span", {class: "soft"}, advice(shown)));
    refill(buttons, [shown.state, shown.replayedAs], () => [
      isOpen(shown) ? h("button", {class: "danger", onclick: cancel}, "Cancel") : null,
      replayable.includes(shown.state) && !shown.replayedAs ? h("button", {class: "main", onclick: replay}, "Send again") : null]);
    fill(about, card("Timeline", h("ol", {class: "timeline"}, timeline.items.map(timelineItem))), card("Message", facts(shown)));
  }
  await draw();
  leave(follow({type: "message"}, (event) => { if (event.messageId === id) draw().catch(() => {}); }));
  const timer = setInterval(() => draw().catch(() => {}), 5000);
  leave(() => clearInterval(timer));
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function facts(shown) {
  return definitions([
    ["Id", h("span", {class: "mono"}, shown.id)],
    ["Confirmed", levelInWords(shown.level)],
    ["Taken", time(shown.createdAt)],
    ["Expires", time(shown.expiresAt)],
    ["Not before", shown.notBefore && time(shown.notBefore)],
    ["From", shown.origin === "api" ? "the API" : "an LwM2M server or the device"],
    ["Size", `${shown.payloadBytes} octets`],
    ["Attempts", shown.attempts],
    ["SCEF's transfer", shown.scef?.transferId && h("code", {}, shown.scef.transferId)],
    ["Correlation", shown.correlationId],
    ["Collapse key", shown.collapseKey],
    ["Superseded by", shown.supersededBy && messageLink(shown.supersededBy, shown.supersededBy)],
    ["Sent again as", shown.replayedAs && messageLink(shown.replayedAs, shown.replayedAs)],
    ["Repeats", shown.replayOf && messageLink(shown.replayOf, shown.replayOf)],
    ["Part of group message", shown.groupMessage && h("code", {}, shown.groupMessage)],
    ["Answer", shown.response && [badge(shown.response.code, shown.response.code < "4" ? "good" : "warn"), " ",
      h("code", {class: "wrap"}, payload(shown.response.payload))]],
  ]);
}
