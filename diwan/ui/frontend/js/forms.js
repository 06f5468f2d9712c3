// Sending a form once; keeping it when the connection breaks; the error summary; values over a switch of language.
import { fresh, onPart, startPart, text, typed } from "./dom.js";
import { isBroken, showOffline, showOnline, worthTrying } from "./net.js";
import { saveAll } from "./autosave.js";

const isPost = (form) => (form.getAttribute("method") || "").toLowerCase() === "post";
const byScript = (form) => form.hasAttribute("hx-post") || form.hasAttribute("data-many") || form.hasAttribute("data-preferences")
  || form.hasAttribute("data-cookie-choice") || form.hasAttribute("data-unlock");

function busy(form, button, on) {
  form.sending = on;
  if (!button) return;
  if (on) button.setAttribute("aria-busy", "true"); else button.removeAttribute("aria-busy");
}

// A second click, or Enter pressed twice, sends nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!isPost(form) || byScript(form)) return;
  if (form.sending) { event.preventDefault(); return; }
  if (form.uploads) { event.preventDefault(); waitForFiles(form, event.submitter); return; }
  if (event.defaultPrevented) return;
  busy(form, event.submitter, true);
  if (form.hasAttribute("data-keep")) {
    event.preventDefault();
    sendKept(form, event.submitter);
  }
});
// Files are still on their way: say so beside the buttons, and press the button again when they have arrived.
function waitForFiles(form, submitter) {
  const again = form.waits ? form.waits.again : null;
  if (form.waits) form.waits.button?.removeAttribute("aria-busy");
  form.waits = { button: submitter, again };
  if (submitter) submitter.setAttribute("aria-busy", "true");
  if (again) return;
  const said = document.createElement("p");
  said.className = "field-note";
  said.setAttribute("role", "status");
  (submitter?.closest(".btn-row") || form.lastElementChild).after(said);
  said.textContent = text("upload_then_on");
  const end = (go) => () => {
    const { button } = form.waits;
    form.waits = null;
    said.remove();
    stop.abort();
    button?.removeAttribute("aria-busy");
    if (go && form.isConnected) form.requestSubmit(button && button.isConnected ? button : null);
  };
  const stop = new AbortController();
  form.waits.again = stop;
  form.addEventListener("diwan:go-on", end(true), { signal: stop.signal });
  form.addEventListener("diwan:stay", end(false), { signal: stop.signal });
}

window.addEventListener("pageshow", () => {
  for (const form of document.forms) form.sending = false;
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

// data-keep: sent by script, so that a broken connection leaves page and text in place; the key in the form
// (idempotency_key) makes the later try the same request.
async function sendKept(form, submitter) {
  const data = new FormData(form);
  if (submitter && submitter.name) data.append(submitter.name, submitter.value);
  const url = (submitter && submitter.getAttribute("formaction")) || form.action;
  const stay = submitter && submitter.closest("[data-stay]");
  for (let wait = 3; form.isConnected; wait = Math.min(wait * 2, 30)) {
    try {
      const response = await fetch(url, { method: "POST", body: data, credentials: "same-origin" });
      if (response.status >= 502 && response.status <= 504) throw new Error(String(response.status));
      showOnline();
      const kind = response.headers.get("Content-Type") || "";
      if (!kind.includes("text/html")) { window.location.assign(response.url); return; }
      // An answer that led nowhere else is this page again: its address stays, so that it can be reloaded.
      showPage(await response.text(), response.redirected ? response.url : window.location.href);
      if (stay) document.getElementById(stay.id)?.scrollIntoView();
      return;
    } catch {
      showOffline();
      await worthTrying(isBroken() ? wait : 1);
    }
  }
}

/** Puts a page that was fetched in place of this one. */
export function showPage(html, url) {
  const next = new DOMParser().parseFromString(html, "text/html");
  for (const name of ["lang", "dir", "class"]) document.documentElement.setAttribute(name, next.documentElement.getAttribute(name) || "");
  document.documentElement.classList.add("js");
  document.title = next.title;
  document.body.replaceWith(document.adoptNode(next.body));
  for (const wanted of next.head.querySelectorAll("script[src], link[rel=stylesheet]")) {
    const address = wanted.getAttribute("src") || wanted.getAttribute("href");
    if (document.head.querySelector(`[src="${address}"], [href="${address}"]`)) continue;
    const made = document.createElement(wanted.tagName);
    for (const { name, value } of wanted.attributes) made.setAttribute(name, value);
    document.head.append(made);
  }
  if (url !== window.location.href) window.history.pushState({ shown: true }, "", url);
  window.scrollTo(0, 0);
  startPart(document.body);
  if (!document.querySelector("[data-error-summary]")) (document.querySelector("main [autofocus]") || document.getElementById("main"))?.focus();
}
window.addEventListener("popstate", () => window.location.reload());

onPart((root) => {
  for (const summary of fresh(root, "[data-error-summary]", "Summary")) {
    summary.focus();
    summary.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#']");
      const control = link && document.getElementById(link.getAttribute("href").slice(1));
      if (!control) return;
      event.preventDefault();
      const field = control.closest(".field") || control;
      field.scrollIntoView({ block: "start" });
      const first = control.tabIndex >= 0 ? control : field.querySelector("input:not([type=hidden]), select, textarea, button, a[href]");
      (first || control).focus({ preventScroll: true });
    });
  }
});

// Switching the language in the middle of a form: drafts are saved first; what stands in forms without a draft, and the
// words of every search, is carried over in this tab only, never on shared machines (counter, kiosk) and never secrets.
const CARRY = "diwan.carry";
const shared = () => /room-(counter|wall)/.test(document.body.className);
const formsHere = () => [...document.forms].filter((one) => one.closest("main"));
const goesTo = (form) => form.getAttribute("action") || "";

function carried(form) {
  return [...typed(form).entries()].filter(([name]) => {
    const field = form.elements.namedItem(name);
    const one = field instanceof RadioNodeList ? field[0] : field;
    if (!one || one.type === "hidden" || one.type === "password" || one.hasAttribute("data-otp")) return false;
    return !form.dataset.autosaveUrl || one.type === "search";
  });
}

onPart((root) => {
  for (const form of fresh(root, "[data-language-switch]", "Language")) {
    form.addEventListener("submit", async (event) => {
      if (form.flushed) return;
      event.preventDefault();
      const forms = formsHere().map((one) => ({ action: goesTo(one), values: carried(one) })).filter((one) => one.values.length);
      if (forms.length && !shared()) sessionStorage.setItem(CARRY, JSON.stringify({ path: window.location.pathname, forms }));
      await Promise.race([saveAll(), new Promise((resolve) => setTimeout(resolve, 2000))]);
      form.flushed = true;
      form.submit();
    });
  }
});

/** A search that looks while one types looks again, as soon as somebody listens to it. */
function searchAgain(field, value) {
  const begin = () => {
    if (field.value !== field.defaultValue) return; // typed meanwhile
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  if (document.readyState === "complete") begin(); else window.addEventListener("load", begin, { once: true });
}

/** Puts a value back; what was folded is unfolded. */
function putBack(field, value) {
  if (field.type === "radio" || field.type === "checkbox") {
    if (field.checked || field.value !== value) return;
    field.checked = true;
  } else if (field.type === "file" || field.value === value) return;
  else if (field.type === "search") searchAgain(field, value);
  else field.value = value;
  const folded = field.closest("details");
  if (folded) folded.open = true;
}

function restore() {
  const kept = sessionStorage.getItem(CARRY);
  if (!kept) return;
  sessionStorage.removeItem(CARRY);
  const { path, forms } = JSON.parse(kept);
  if (path !== window.location.pathname) return;
  const there = formsHere();
  for (const { action, values } of forms) {
    const at = there.findIndex((one) => goesTo(one) === action);
    if (at < 0) continue;
    const [form] = there.splice(at, 1);
    for (const [name, value] of values) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) putBack(field, value);
    }
  }
}
onPart((root) => { if (root === document.body) restore(); });

