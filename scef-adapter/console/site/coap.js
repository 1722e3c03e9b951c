// A CoAP request as octets (RFC 7252 3). The adapter gives it its message id and token.

const methods = {GET: 1, POST: 2, PUT: 3, DELETE: 4};
const contentFormats = {"text/plain": 0, "application/link-format": 40, "application/octet-stream": 42,
  "application/senml+json": 110, "application/senml+cbor": 112,
  "application/vnd.oma.lwm2m+tlv": 11542, "application/vnd.oma.lwm2m+json": 11543};
export const methodNames = Object.keys(methods);
export const contentFormatNames = Object.keys(contentFormats);

function unsigned(value) {
  const bytes = [];
  for (; value > 0; value = Math.floor(value / 256)) bytes.unshift(value % 256);
  return bytes;
}

/** Nibble and extension of a delta or a length. */
function extended(value) {
  if (value < 13) return [value, []];
  if (value < 269) return [13, [value - 13]];
  return [14, [(value - 269) >> 8, (value - 269) & 255]];
}

function option(number, before, bytes) {
  const [delta, deltaRest] = extended(number - before);
  const [length, lengthRest] = extended(bytes.length);
  return [delta << 4 | length, ...deltaRest, ...lengthRest, ...bytes];
}

/** {method, path: "/3/0/0", text, contentFormat, accept, observe}; throws a sentence for a person. */
export function coapRequest({method, path, text = "", contentFormat = "text/plain", accept = "", observe = false}) {
  const encoder = new TextEncoder();
  if (!path.startsWith("/")) throw new Error("the path begins with /, like /3/0/0");
  const [resource, query = ""] = path.split("?", 2);
  const options = [];
  if (observe) options.push([6, []]);
  for (const segment of resource.split("/").filter((one) => one !== "")) options.push([11, [...encoder.encode(segment)]]);
  if (text !== "") options.push([12, unsigned(contentFormats[contentFormat])]);
  for (const one of query.split("&").filter((part) => part !== "")) options.push([15, [...encoder.encode(one)]]);
  if (accept !== "") options.push([17, unsigned(contentFormats[accept])]);
  const octets = [0x40, methods[method], 0, 0];
  let before = 0;
  for (const [number, bytes] of options) {
    octets.push(...option(number, before, bytes));
    before = number;
  }
  if (text !== "") octets.push(0xff, ...encoder.encode(text));
  return btoa(String.fromCharCode(...octets));
}
