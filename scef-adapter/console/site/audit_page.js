import {card, fill, h} from "./dom.js";
import {messageLink, time} from "./format.js";
import {paged} from "./pager.js";

/** `%40` as `@`; as it came if it is not well-formed. */
function readable(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

export async function audit(page) {
  const list = h("div");
  fill(page, h("h1", {}, "Audit"), h("p", {class: "soft"}, "Who changed what through the API. Needs the role admin."), card(null, list));
  await paged(list, "/audit?limit=100", [
    ["At", (entry) => time(entry.at), "tight"],
    ["Who", (entry) => [entry.role || "anyone", entry.token ? [" ", h("code", {}, entry.token)] : null], "tight"],
    ["From", (entry) => entry.address, "tight"],
    ["Request", (entry) => h("code", {class: "wrap"}, `${entry.method} ${readable(entry.path)}`)],
    ["Change", (entry) => entry.change ? h("code", {class: "wrap"}, entry.change) : "–"],
    ["Message", (entry) => messageLink(entry.messageId), "tight"],
  ], "Nothing was changed through the API.");
}
