// After 15 idle minutes the page is covered and the session locked on the server; what was typed stays underneath.
import { json, post, text, typed } from "./dom.js";

const cover = document.querySelector("[data-idle-lock]");
const channel = "BroadcastChannel" in window ? new BroadcastChannel("diwan-idle") : null;
let last = Date.now();

function lock(tell = true) {
  if (cover.open) return;
  document.body.classList.add("is-locked");
  cover.showModal();
  cover.querySelector("input[type=password]")?.focus();
  if (!tell) return;
  channel?.postMessage("lock");
  post(cover.dataset.lockUrl, new FormData()).catch(() => undefined);
}

function unlock(tell = true) {
  last = Date.now();
  document.body.classList.remove("is-locked");
  cover.close();
  document.dispatchEvent(new CustomEvent("diwan:unlocked"));
  if (tell) channel?.postMessage("unlock");
}

async function ask(event) {
  event.preventDefault();
  const form = event.target;
  const error = form.querySelector("[data-unlock-error]");
  let words = text("offline");
  try {
    const response = await post(form.getAttribute("action"), typed(form), { form });
    const said = await json(response);
    if (said.csrf) for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = said.csrf;
    form.reset();
    if (response.ok) { error.hidden = true; unlock(); return; }
    words = said.message || text("unlock_failed");
  } catch { /* nothing answered: the words above say so */ }
  error.textContent = words;
  error.hidden = false;
  form.querySelector("input[type=password]").focus();
}

function start() {
  const idle = Number(cover.dataset.idleMinutes || 15) * 60_000;
  const active = () => { if (!cover.open) { last = Date.now(); channel?.postMessage("active"); } };
  let told = 0;
  for (const kind of ["keydown", "pointerdown", "wheel"]) {
    document.addEventListener(kind, () => { last = Date.now(); if (last - told > 10_000) { told = last; active(); } }, { passive: true });
  }
  channel?.addEventListener("message", ({ data }) => {
    if (data === "active") last = Date.now();
    else if (data === "lock") lock(false);
    else if (cover.open) unlock(false);
  });
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.querySelector("[data-unlock]").addEventListener("submit", ask);
  const look = () => { if (Date.now() - last >= idle) lock(); };
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("diwan:lock", () => lock());
}

if (cover) start();
