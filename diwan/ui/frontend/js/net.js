// The bar that says that the connection is gone, and waiting for it to come back.
import { text } from "./dom.js";

let bar = null;
let broken = false;

/** Shows the bar: what was typed stays on the page. */
export function showOffline() {
  broken = true;
  if (bar) return;
  bar = document.createElement("div");
  bar.className = "offline-bar";
  bar.setAttribute("role", "status");
  bar.textContent = text("offline");
  document.body.prepend(bar);
}

/** Takes the bar away after an answer came. */
export function showOnline() {
  broken = false;
  if (!bar) return;
  bar.remove();
  bar = null;
}

/** Resolves when it is worth trying again: the browser says so, or the time is over. */
export function worthTrying(seconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, seconds * 1000);
    function done() {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    }
    window.addEventListener("online", done);
  });
}

export const isBroken = () => broken || navigator.onLine === false;

window.addEventListener("offline", showOffline);
window.addEventListener("online", () => { if (broken) setTimeout(showOnline, 500); });
