// Everything about one device, and what an operator does with it.
import {call, follow, get, part, post} from "./api.js";
import {act, badge, card, definitions, fill, h, refill} from "./dom.js";
import {reachability} from "./devices_page.js";
import {eventRow, eventTable} from "./event_table.js";
import {stateBadge, time} from "./format.js";
import {messageColumns} from "./messages_page.js";
import {paged} from "./pager.js";
import {limitMeters} from "./quota_view.js";
import {sendForm} from "./send_form.js";

function facts(shown) {
  const nidd = shown.niddConfiguration;
  return definitions([
    ["Profile", shown.profile],
    ["Mode", shown.mode],
    ["Groups", shown.groups.length > 0 ? shown.groups.join(", ") : null],
    ["Last heard", time(shown.reachability.lastUplink)],
    ["NIDD configuration", [stateBadge(nidd.status), nidd.cause ? ` ${nidd.cause}` : "", nidd.expiresAt ? [" ends ", time(nidd.expiresAt)] : ""]],
    ["At the SCEF", nidd.self && h("code", {}, nidd.self)],
    ["Largest frame", nidd.maximumPacketSize && `${Math.floor(nidd.maximumPacketSize / 8)} octets`],
    ["Wake-up", shown.wakeUp && [`${shown.wakeUp.trigger}: ${shown.wakeUp.result} `, time(shown.wakeUp.at)]],
    ["Provisioned", time(shown.createdAt)],
    ...shown.endpoints.map((endpoint) => [`Server ${endpoint.server}`, [h("code", {}, endpoint.address),
      endpoint.registration
        ? [` · ${endpoint.registration.endpoint}, LwM2M ${endpoint.registration.version}, binding ${endpoint.registration.binding}, updated `, time(endpoint.registration.updatedAt)]
        : " · not registered"]]),
  ]);
}

export async function device(page, id, leave) {
  const path = `/devices/${part(id)}`;
  const title = h("h1");
  const buttons = h("div", {class: "actions"});
  const about = h("div");
  const limits = h("div");
  const queue = h("div");
  const feed = eventTable("Nothing has happened in the last day.");

  async function head() {
    const [shown, quota] = await Promise.all([get(path), get(`/quotas/device:${part(id)}`)]);
    fill(title, id, reachability(shown), shown.paused ? badge("paused", "warn") : null);
    const does = (name, text, body) => async () => { await act(() => post(`${path}:${name}`, body), text); refresh(); };
    refill(buttons, [shown.paused, shown.queue.messages === 0], () => [
      shown.paused ? h("button", {class: "main", onclick: does("resume", "Resumed.")}, "Resume")
        : h("button", {onclick: does("pause", "Paused: its messages are kept, and nothing is sent.")}, "Pause"),
      h("button", {onclick: does("wake", "The SCEF was asked to trigger it by SMS.")}, "Wake"),
      h("button", {onclick: does("trace", "The log tells all about it for 10 minutes: search for DEVICE_TRACE.", {duration: "10m"})}, "Trace for 10 min"),
      h("button", {class: "danger", disabled: shown.queue.messages === 0, onclick: async () => {
        if (!confirm(`Cancel all messages to ${id} that have not left?`)) return;
        await act(() => call("DELETE", `${path}/messages`), (answer) => `${answer.canceled} canceled.`);
        refresh();
      }}, "Purge the queue")]);
    fill(about, facts(shown));
    fill(limits, limitMeters(quota));
  }
  const list = () => paged(queue, `${path}/messages?limit=20`, messageColumns(false), "No messages.");
  const refresh = () => Promise.all([head(), list()]).catch(() => {});

  fill(page, title, buttons, h("div", {class: "grid"}, card("Device", about), card("Limits", limits)),
    card("Send", sendForm(path, refresh)), card("Messages", queue), card("Events", feed.element));
  await Promise.all([head(), list()]);
  leave(follow({externalId: id, since: "24h"}, (event) => { feed.add(eventRow(event)); soon(); }));
  const timer = setInterval(() => head().catch(() => {}), 5000);
  leave(() => clearInterval(timer));

  let due = null;  // many events, one refresh
  function soon() {
    due ??= setTimeout(() => { due = null; refresh(); }, 300);
  }
  leave(() => clearTimeout(due));
}
