// A list in pages: what it has, and a button for more.
import {get} from "./api.js";
import {act, fill, h, table} from "./dom.js";

/** Shows `path` (with its query) in `element`; columns as for `table`. */
export async function paged(element, path, columns, ifEmpty) {
  const rows = [];
  let next = null;
  async function more() {
    const query = next === null ? "" : `${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(next)}`;
    const page = await get(path + query);
    rows.push(...page.items);
    next = page.next;
  }
  function draw() {
    fill(element, table(columns, rows, next === null ? ifEmpty : "Nothing among those looked at so far."),
      next === null ? null : h("p", {}, h("button", {onclick: async (event) => {
        event.target.disabled = true;
        await act(more);
        draw();
      }}, "More")));
  }
  await more();
  // A page may be short or empty while others follow.
  for (let tries = 0; rows.length === 0 && next !== null && tries < 20; ++tries) await more();
  draw();
}
