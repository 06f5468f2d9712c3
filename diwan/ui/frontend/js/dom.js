// Small helpers of the page: texts, requests with the csrf token, life of modules.

let cached = null;

/** Text of a key in the page's language, with {name} parts filled in. */
export function text(key, values = {}) {
  if (!cached) {
    const source = document.getElementById("ui-texts");
    cached = source ? JSON.parse(source.textContent) : {};
  }
  return Object.entries(values).reduce((made, [name, value]) => made.replaceAll(`{${name}}`, String(value)), cached[key] || "");
}

/** The csrf token of the page: of the form that asks, else the first one found. */
export function csrf(form) {
  const field = (form && form.querySelector("[name=csrfmiddlewaretoken]")) || document.querySelector("[name=csrfmiddlewaretoken]");
  return field ? field.value : "";
}

/** An icon of the page's set, as the server draws it; nothing on a page without icons. */
export function icon(name) {
  const known = document.querySelector("svg.icon use");
  if (!known) return "";
  const made = known.closest("svg").cloneNode(true);
  made.setAttribute("class", "icon");
  made.removeAttribute("role");
  made.removeAttribute("aria-label");
  made.setAttribute("aria-hidden", "true");
  made.querySelector("use").setAttribute("href", `${known.getAttribute("href").split("#")[0]}#${name}`);
  return made;
}

/** POST of form data as a script: rejects only when nothing answered. A locked session (423) covers the page. */
export async function post(url, body, { form = null, headers = {} } = {}) {
  const response = await fetch(url, {
    method: "POST", body, credentials: "same-origin",
    headers: { "X-CSRFToken": csrf(form), "X-Requested-With": "fetch", ...headers },
  });
  if (response.status === 423) document.dispatchEvent(new CustomEvent("diwan:lock"));
  return response;
}

/** JSON of an answer, or an empty object. */
export async function json(response) {
  try { return await response.json(); } catch { return {}; }
}

/** What a form holds, without its files. */
export function typed(form, submitter) {
  const data = new FormData(form);
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  if (submitter && submitter.name) data.append(submitter.name, submitter.value);
  return data;
}

const starters = [];

/** Registers a module: `start(root)` runs for the page and for every part that is put into it later. */
export function onPart(start) { starters.push(start); }

/** Runs all modules on a part of the page; scripts of other bundles hear of it. */
export function startPart(root) {
  for (const start of starters) start(root);
  document.dispatchEvent(new CustomEvent("diwan:part", { detail: root }));
}

/** Elements of a part that match, the part itself included; each element once for each mark. */
export function fresh(root, selector, mark) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches && root.matches(selector)) found.unshift(root);
  return found.filter((element) => {
    const key = `on${mark}`;
    if (element[key]) return false;
    element[key] = true;
    return true;
  });
}

/** The element that has the focus inside of the given one: the event of a key says the host of a shadow root only. */
export function innermost(element) {
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

export function isTyping(target) {
  const element = innermost(target);
  return !!element && (element.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element.tagName)
    || (element.tagName === "INPUT" && !/^(checkbox|radio|button|submit|reset|file|range|color)$/.test(element.type)));
}
