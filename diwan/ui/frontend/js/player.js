// [data-player]: a recording with three speeds. What was chosen holds for every recording until the window is closed; the
// voice keeps its pitch. Without this script the plain player of the browser stands there alone.
import { fresh } from "./dom.js";

const KEY = "diwan.speed";

function wire(box) {
  const sound = box.querySelector("audio");
  const buttons = [...box.querySelectorAll("[data-speed]")];
  const put = (speed) => {
    sound.defaultPlaybackRate = speed;
    sound.playbackRate = speed;
    for (const one of buttons) one.setAttribute("aria-pressed", String(Number(one.dataset.speed) === speed));
  };
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-speed]");
    if (!button) return;
    sessionStorage.setItem(KEY, button.dataset.speed);
    for (const other of document.querySelectorAll("[data-player]")) other.dispatchEvent(new CustomEvent("diwan:speed"));
  });
  const kept = () => put(buttons.some((one) => one.dataset.speed === sessionStorage.getItem(KEY)) ? Number(sessionStorage.getItem(KEY)) : 1);
  box.addEventListener("diwan:speed", kept);
  kept();
}

const start = (root) => { for (const box of fresh(root, "[data-player]", "Player")) wire(box); };
start(document);
document.addEventListener("diwan:part", (event) => start(event.detail));
