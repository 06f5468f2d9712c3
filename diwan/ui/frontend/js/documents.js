// [data-doc-viewer]: papers beside the case: previous and next, zoom, turn; the paper looked at last is shown again.
import { fresh } from "./dom.js";

const ZOOMS = [100, 125, 150, 200, 300];

class Viewer {
  constructor(box) {
    this.box = box;
    this.links = [...box.querySelectorAll("[data-doc-link]")];
    this.frame = box.querySelector("[data-doc-frame]");
    this.key = `diwan.doc.${window.location.pathname}`;
    this.zoom = 0;
    this.turns = 0;
    box.addEventListener("click", (event) => this.clicked(event));
    const kept = this.links.findIndex((link) => link.dataset.docLink === sessionStorage.getItem(this.key) && link.dataset.replaced === undefined);
    if (this.links.length) this.show(Math.max(0, kept));
  }

  clicked(event) {
    const link = event.target.closest("[data-doc-link]");
    const tool = event.target.closest("[data-doc]");
    if (link) { event.preventDefault(); this.show(this.links.indexOf(link)); }
    if (!tool) return;
    const does = tool.dataset.doc;
    if (does === "next" || does === "previous") this.show(Math.max(0, Math.min(this.links.length - 1, this.at + (does === "next" ? 1 : -1))));
    if (does === "zoom-in" || does === "zoom-out") this.zoom = Math.max(0, Math.min(ZOOMS.length - 1, this.zoom + (does === "zoom-in" ? 1 : -1)));
    if (does === "turn") this.turns = (this.turns + 1) % 4;
    this.dress();
  }

  dress() {
    this.frame.className = `doc-frame zoom-${ZOOMS[this.zoom]} turn-${this.turns}`;
  }

  show(at) {
    this.at = at;
    const link = this.links[at];
    for (const one of this.links) one.setAttribute("aria-current", String(one === link));
    sessionStorage.setItem(this.key, link.dataset.docLink);
    const made = document.createElement(link.dataset.kind === "image" ? "img" : "iframe");
    made.src = link.href;
    if (link.dataset.kind === "image") made.alt = link.textContent.trim(); else made.title = link.textContent.trim();
    this.frame.replaceChildren(made);
    this.zoom = 0;
    this.turns = 0;
    this.dress();
  }
}

const start = (root) => { for (const box of fresh(root, "[data-doc-viewer]", "Viewer")) new Viewer(box); };
start(document);
document.addEventListener("diwan:part", (event) => start(event.detail));
