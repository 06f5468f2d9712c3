// Keys are places on the keyboard (event.code): they work the same under the Arabic and the English layout.
// [data-key="KeyA"], "F9", "Ctrl+Enter" on a button or link; [data-row-list] rows; "?" lists everything.
import { innermost, isTyping } from "./dom.js";

const SIGNS = { Slash: "/", Enter: "Enter", Escape: "Esc", ArrowDown: "↓", ArrowUp: "↑", BracketLeft: "[", BracketRight: "]", Equal: "=", Minus: "-", Comma: ",", Period: "." };
const shown = (key) => key.split("+").map((part) => SIGNS[part] || part.replace(/^(Key|Digit)/, "")).join(" + ");
const pressed = (event) => [event.ctrlKey || event.metaKey ? "Ctrl" : "", event.altKey ? "Alt" : "", event.shiftKey ? "Shift" : "", event.code].filter(Boolean).join("+");
const isSingle = (key) => !/^(F\d+|Ctrl\+|Alt\+)/.test(key);
const singleKeysOn = () => document.querySelector("[data-shortcut-switch]")?.dataset.state !== "off";

/** Rows of the list that was used last, or the first list of the page. */
function rows() {
  const list = document.activeElement?.closest("[data-row-list]") || document.querySelector("[data-row-list]");
  return list ? [...list.querySelectorAll(":scope > li, tbody > tr")].filter((row) => row.querySelector("a[href]")) : [];
}

function move(by) {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const from = here >= 0 ? here : all.findIndex((row) => row.classList.contains("is-current"));
  const next = all[Math.max(0, Math.min(all.length - 1, from + by))];
  next.querySelector("a[href]").focus();
  next.scrollIntoView({ block: "nearest" });
}

function tick() {
  const row = rows().find((one) => one.contains(document.activeElement));
  const box = row?.querySelector("input[type=checkbox]");
  if (box) box.click();
}

function fillHelp() {
  const list = document.querySelector("#shortcut-help [data-shortcut-list]");
  if (!list || list.filled) return;
  list.filled = true;
  for (const target of document.querySelectorAll("[data-key]")) {
    const term = document.createElement("dt");
    const sign = document.createElement("kbd");
    sign.textContent = shown(target.dataset.key);
    sign.dir = "ltr";
    term.append(sign);
    const words = document.createElement("dd");
    words.textContent = target.dataset.keyLabel || target.textContent.trim();
    list.append(term, words);
  }
}

function act(key) {
  if (key === "Shift+Slash") { fillHelp(); document.getElementById("shortcut-help")?.showModal(); return true; }
  if (key === "Slash") {
    const box = document.querySelector("[data-number-box]");
    box?.focus();
    box?.select();
    return !!box;
  }
  if (key === "KeyJ") { move(1); return true; }
  if (key === "KeyK") { move(-1); return true; }
  if (key === "KeyX") { tick(); return true; }
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat && event.code !== "KeyJ" && event.code !== "KeyK" || document.querySelector("dialog[open]")) return;
  if (event.code === "Escape" && isTyping(document.activeElement)) { innermost(document.activeElement).blur(); return; }
  const key = pressed(event);
  if (isSingle(key) && (isTyping(event.target) || !singleKeysOn())) return;
  const target = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find((one) => one.offsetParent !== null && !one.disabled);
  if (target) { event.preventDefault(); target.focus(); target.click(); return; }
  if (isSingle(key) && act(key)) event.preventDefault();
});

document.addEventListener("click", (event) => { if (event.target.closest?.("[data-open-dialog=shortcut-help]")) fillHelp(); });
for (const target of document.querySelectorAll("[data-key]")) {
  target.setAttribute("aria-keyshortcuts", target.dataset.key.replace(/Key|Digit/g, "").replace("Ctrl", "Control"));
}
