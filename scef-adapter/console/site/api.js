// The admin API of the adapter that served this page (docs/api.md).

const tokenKey = "scef-adapter.token";

export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `the adapter answered ${status}`);
    this.status = status;
    this.cause = problem.cause;
  }
}

let login = null;  // one dialog at a time, whoever asks

function askToken(error) {
  login ??= new Promise((resolve) => {
    const dialog = document.getElementById("login");
    document.getElementById("login-error").textContent = error;
    const input = document.getElementById("login-token");
    input.value = "";
    dialog.addEventListener("close", () => {
      sessionStorage.setItem(tokenKey, input.value.trim());
      input.value = "";
      login = null;
      resolve();
    }, {once: true});
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.showModal();
  });
  return login;
}

async function request(path, options = {}) {
  for (;;) {
    const token = sessionStorage.getItem(tokenKey);
    const headers = {...options.headers};
    if (token) headers.Authorization = `Bearer ${token}`;
    let response;
    try {
      response = await fetch(path, {...options, headers, cache: "no-store"});
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new ApiError(0, {detail: "the adapter does not answer"});
    }
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({}));
    if (response.status !== 401) throw new ApiError(response.status, problem);
    if (sessionStorage.getItem(tokenKey) === token) {
      await askToken(token ? problem.detail || "this token is not known" : "");
    }
  }
}

/** One call below /api/v1; the answer's document, or null for 204. */
export async function call(method, path, body, headers = {}) {
  const options = {method, headers};
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = {...headers, "Content-Type": "application/json"};
  }
  const response = await request(`/api/v1${path}`, options);
  return response.status === 204 ? null : response.json();
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);
export const part = encodeURIComponent;

export async function metricsText() {
  return (await request("/metrics")).text();
}

/**
 * Follows the events until the returned function is called; goes on behind the last one when the
 * connection or the adapter comes back. onState(isOpen) tells how it is.
 */
export function follow(parameters, onEvent, onState = () => {}) {
  const abort = new AbortController();
  const opened = new Date().toISOString();
  let last = null;
  let isFirst = true;

  async function once() {
    const headers = {Accept: "text/event-stream"};
    if (last) headers["Last-Event-ID"] = last;
    // Nothing was heard before the connection was lost: what came since the page was opened.
    const since = isFirst || last || parameters.since ? {} : {since: opened};
    const query = new URLSearchParams({...parameters, ...since}).toString();
    isFirst = false;
    const response = await request(`/api/v1/events?${query}`, {headers, signal: abort.signal});
    onState(true);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const {value, done} = await reader.read();
      if (done) return;
      text += value;
      const blocks = text.split("\n\n");
      text = blocks.pop();
      for (const block of blocks) take(block);
    }
  }

  function take(block) {
    let data = "";
    for (const line of block.split("\n")) {
      if (line.startsWith("id:")) last = line.slice(3).trim();
      if (line.startsWith("data:")) data += line.slice(5).trim();
    }
    if (data) onEvent(JSON.parse(data));
  }

  (async () => {
    while (!abort.signal.aborted) {
      try {
        await once();
      } catch (error) {
        if (error.status === 400) last = null;  // forgotten by the adapter
      }
      if (abort.signal.aborted) return;
      onState(false);
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  })();
  return () => abort.abort();
}
