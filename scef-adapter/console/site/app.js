// Finds the page that the address names, and leaves the one before.
import {part} from "./api.js";
import {fill, h} from "./dom.js";
import {audit} from "./audit_page.js";
import {deadLetters} from "./dead_letters_page.js";
import {device} from "./device_page.js";
import {devices} from "./devices_page.js";
import {events} from "./events_page.js";
import {message} from "./message_page.js";
import {messages} from "./messages_page.js";
import {history} from "./metrics.js";
import {overview} from "./overview_page.js";
import {scefs} from "./scefs_page.js";

// A page: (element, argument, leave) => void; it gives `leave` what ends its timers and streams.
const pages = [
  ["", "Overview", overview], ["devices", "Devices", devices], ["messages", "Messages", messages],
  ["events", "Events", events], ["deadletters", "Dead letters", deadLetters], ["scefs", "SCEFs", scefs],
  ["audit", "Audit", audit],
];
const details = {devices: device, messages: message};

let endings = [];

async function show() {
  for (const end of endings.splice(0)) end();
  const [name, argument] = location.hash.replace(/^#\/?/, "").split("/", 2);
  const found = pages.find(([path]) => path === name) || pages[0];
  const page = argument ? details[found[0]] || found[2] : found[2];
  fill(document.getElementById("nav"), pages.map(([path, title]) =>
    h("a", {href: `#/${path}`, "aria-current": path === found[0] ? "page" : null}, title)));
  document.title = `${argument ? decodeURIComponent(argument) : found[1]} – SCEF adapter`;
  // What a page that was left still draws goes into an element that nobody sees.
  const element = h("div", {});
  const place = document.getElementById("page");
  place.replaceChildren(element);
  window.scrollTo(0, 0);
  const mine = [];
  endings = mine;
  try {
    await page(element, argument ? decodeURIComponent(argument) : null, (end) => {
      if (endings === mine) mine.push(end);
      else end();
    });
  } catch (error) {
    fill(element, h("h1", {}, found[1]), h("p", {class: "bad"}, error.message));
  }
}

document.getElementById("find").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = document.getElementById("find-text").value.trim();
  if (text) location.hash = text.includes("@") ? `#/devices/${part(text)}` : `#/messages/${part(text)}`;
});

history.watch(() => {
  const state = document.getElementById("connection");
  state.textContent = history.error ? "no connection" : "";
  state.className = `badge quiet ${history.error ? "bad" : ""}`;
  state.title = history.error || "";
});
window.addEventListener("hashchange", show);
show();
