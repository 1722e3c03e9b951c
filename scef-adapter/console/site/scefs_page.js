import {get} from "./api.js";
import {badge, card, fill, h, table} from "./dom.js";
import {limitMeters} from "./quota_view.js";
import {history} from "./metrics.js";

export async function scefs(page, _, leave) {
  const {items} = await get("/scefs");
  const quotas = await Promise.all(items.map((scef) => get(`/quotas/scef:${encodeURIComponent(scef.name)}`)));
  const states = items.map(() => h("span"));
  fill(page, h("h1", {}, "SCEFs"), table([
    ["Name", ({scef, state}) => [scef.name, " ", state], "tight"],
    ["Address", ({scef}) => h("code", {class: "wrap"}, scef.apiRoot)],
    ["SCS/AS", ({scef}) => scef.scsAsId],
    ["Profile", ({scef}) => scef.profile],
    ["Serves", ({scef}) => scef.domains.join(", "), "wrap"],
  ], items.map((scef, i) => ({scef, state: states[i]})), "None."),
  h("div", {class: "grid"}, items.map((scef, i) => card(`Limits of ${scef.name}`, limitMeters(quotas[i])))),
  h("p", {class: "soft"}, h("code", {}, "scef-adapterctl doctor --scef NAME --device EXTID"), " examines one step by step."));
  leave(history.watch(() => items.forEach((scef, i) => {
    const up = history.now?.all("t8_up", {scef: scef.name})[0];
    fill(states[i], up ? (up.value > 0 ? badge("up", "good") : badge("down", "bad")) : null);
  })));
}
