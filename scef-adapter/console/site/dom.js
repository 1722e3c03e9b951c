// Elements without templates: whatever comes from devices and servers is text, never markup.

const svgNames = new Set(["svg", "path", "line", "text", "g", "rect", "polyline", "title"]);

/** h("td", {class: "number", onclick: f}, "text", otherElement, null). Null children are left out. */
export function h(name, attributes = {}, ...children) {
  const element = svgNames.has(name)
    ? document.createElementNS("http://www.w3.org/2000/svg", name)
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value") element.value = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
}

export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/**
 * Like `fill` with what `make` gives, but leaves the element alone as long as `key` is the same: what a
 * person is about to click or to type into must not be exchanged under the hand.
 */
export function refill(element, key, make) {
  const text = JSON.stringify(key);
  if (element.filledFor === text) return;
  element.filledFor = text;
  fill(element, make());
}

export function badge(text, tone) {
  return h("span", {class: `badge ${tone || ""}`}, text);
}

/** Columns: [title, row => content, class]. */
export function table(columns, rows, ifEmpty) {
  if (rows.length === 0) return h("p", {class: "empty"}, ifEmpty);
  return h("div", {class: "scroll"}, h("table", {},
    h("thead", {}, h("tr", {}, columns.map(([title, , kind]) => h("th", {class: kind, scope: "col"}, title)))),
    h("tbody", {}, rows.map((row) => h("tr", {}, columns.map(([, cell, kind]) => h("td", {class: kind}, cell(row))))))));
}

export function definitions(pairs) {
  return h("dl", {}, pairs.filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

export function card(title, ...children) {
  return h("section", {class: "card"}, title ? h("h2", {}, title) : null, ...children);
}

/** A sentence in the corner, for some seconds. */
export function notify(text, bad = false) {
  const notice = h("div", {class: `notice ${bad ? "bad" : ""}`}, text);
  document.getElementById("notices").append(notice);
  setTimeout(() => notice.remove(), bad ? 12000 : 5000);
}

/** Runs an action of a button; what goes wrong is told in the corner. */
export async function act(work, done) {
  try {
    const result = await work();
    if (done) notify(typeof done === "function" ? done(result) : done);
    return result;
  } catch (error) {
    notify(error.message, true);
    return undefined;
  }
}
