import {post} from "./api.js";
import {coapRequest, contentFormatNames, methodNames} from "./coap.js";
import {act, h} from "./dom.js";

const options = (names) => names.map((name) => h("option", {value: name}, name));

/** Sends a CoAP request to the device whose path of the API is given. */
export function sendForm(path, onSent) {
  const method = h("select", {name: "method"}, options(methodNames));
  const resource = h("input", {name: "path", value: "/3/0/0", required: true, spellcheck: "false"});
  const text = h("input", {name: "text", placeholder: "for PUT and POST", spellcheck: "false"});
  const format = h("select", {name: "format"}, options(contentFormatNames));
  const ttl = h("input", {name: "ttl", placeholder: "by profile", pattern: "\\d+(s|m|h|d)?"});
  const priority = h("select", {name: "priority"}, options(["normal", "low", "high", "emergency"]));
  const field = (title, input, wide) => h("label", {class: wide ? "wide" : null}, title, input);
  return h("form", {class: "send", onsubmit: async (event) => {
    event.preventDefault();
    await act(() => {
      const body = {priority: priority.value, payload: coapRequest({
        method: method.value, path: resource.value.trim(), text: text.value, contentFormat: format.value})};
      if (ttl.value) body.ttl = ttl.value;
      return post(`${path}/messages`, body);
    }, (sent) => `Taken: ${sent.state}${sent.reason ? `, ${sent.reason}` : ""}.`);
    onSent();
  }}, field("Method", method), field("Path", resource), field("Payload", text, true), field("Format", format),
  field("TTL", ttl), field("Priority", priority), h("button", {class: "main"}, "Send"));
}
