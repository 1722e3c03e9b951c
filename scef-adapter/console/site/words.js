// What states and reasons mean to people, and what can be done.

const reasons = {
  "awaiting-window": ["the device sleeps", "It leaves with the device's next uplink. Wake asks the device to come sooner."],
  "quota": ["a quota is used up", "The device's limits tell when there is room again."],
  "paused": ["the device's queue is held by an operator", "Resume lets it go."],
  "not-before": ["its own earliest time is not reached", ""],
  "order": ["another message of the device goes first", ""],
  "configuration": ["the NIDD configuration is not active yet", "The device's page shows what the SCEF answered."],
  "throttled": ["the SCEF asked to slow down", ""],
  "retry": ["an attempt failed, another one follows", ""],
  "awaiting-answer": ["delivered as far as the network knows; the device has not answered", ""],
  "in-doubt": ["the SCEF's answer was lost; its outcome is being found out", ""],
  "ttl": ["its time to live was over", "Send it again with a longer TTL; the device's page tells when it was last heard."],
  "deregistered": ["the device left its server", ""],
  "canceled": ["canceled by an operator", ""],
  "purged": ["canceled with the device's whole queue", ""],
  "device-removed": ["the device was removed", ""],
  "superseded": ["a newer message takes its place", ""],
  "unknown": ["it may have been delivered; sending it again could do harm", "Ask the device what it has (GET) before you send again."],
  "too-large": ["the frame is larger than the SCEF takes", "The device's page tells how much it takes; block-wise transfer is the server's part."],
  "refused-by-scef": ["the SCEF will never take it", "The SCEF's cause is below."],
  "not-authorized": ["the SCEF does not let us reach the device", "Ask the operator; then resume the device."],
  "attempts": ["all attempts failed", "The SCEF's cause is below; when it is gone, send it again."],
  "reset": ["the device answered RST: it does not know what to do with it", ""],
  "answered": ["the device's answer came", ""],
  "queue-full": ["the queue was full", ""],
  "restart": ["the adapter was restarted while it was on its way", ""],
  "left-binding": ["the device left NIDD for another binding", ""],
  "bootstrap": ["the device is being bootstrapped", ""],
  "block-transfer": ["another block of its transfer was lost", "Start the whole transfer again."],
};

const levels = {
  none: "by nobody", scef: "the SCEF has it", nextHop: "the network's last node has it",
  device: "the device's modem has it", coap: "the device answered",
};
const states = {QUEUED: "in the queue", SENDING: "on its way to the SCEF", ACCEPTED: "the SCEF holds it for the device"};

export const isOpen = (message) => message.state in states;

/** `GET /3/0/0`, or what it is if it is no request. */
export function requestOf(message) {
  if (message.request) return message.request;
  return message.origin === "coap" ? "answer to the device" : "opaque octets";
}

export const levelInWords = (level) => levels[level] || level;

export function inWords(message) {
  if (message.state === "DELIVERED") return levelInWords(message.level);
  const known = reasons[message.reason];
  return known ? known[0] : message.reason || states[message.state] || "";
}

export function advice(message) {
  if (["DELIVERED", "CANCELED", "SUPERSEDED"].includes(message.state)) return "";
  return reasons[message.reason]?.[1] || "";
}
