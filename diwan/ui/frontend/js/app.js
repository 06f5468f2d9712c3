// Loaded by every page; the page works without it.
import htmx from "htmx.org";
import { csrf, startPart } from "./dom.js";
import "./net.js";
import "./autosave.js";
import "./forms.js";
import "./upload.js";
import "./photos.js";
import "./drop.js";
import "./dates.js";
import "./questions.js";
import "./controls.js";

document.documentElement.classList.add("js");
Object.assign(htmx.config, { allowEval: false, includeIndicatorStyles: false, allowScriptTags: false, selfRequestsOnly: true, historyCacheSize: 0 });
document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = csrf(event.target.closest("form")); });
document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) startPart(event.detail.elt); });
// A refused form (422) shows its errors like any other answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 423) document.dispatchEvent(new CustomEvent("diwan:lock"));
  if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
});
window.diwan = { startPart, process: (element) => htmx.process(element) };
startPart(document.body);
document.dispatchEvent(new CustomEvent("diwan:ready"));
