// [data-flow]: a workflow over the server's own picture: bpmn-js with zoom, moving by hand and keys, and the number of
// open cases at each step. Where the viewer does not start, the picture stays.
import Viewer from "bpmn-js/lib/Viewer";
import MoveCanvas from "diagram-js/lib/navigation/movecanvas";
import { text } from "./dom.js";

const LEAST = 0.8; // a wide workflow is not made smaller than this at first: it is moved instead
const KINDS = { "bpmn:UserTask": "user", "bpmn:ReceiveTask": "wait", "bpmn:ServiceTask": "machine", "bpmn:BusinessRuleTask": "machine", "bpmn:BoundaryEvent": "late" };
const STEPS = { ArrowUp: [0, 60], ArrowDown: [0, -60], ArrowLeft: [60, 0], ArrowRight: [-60, 0] };
const FONT = '"Diwan Plex", system-ui, sans-serif';

class FlowBox {
  constructor(box) {
    this.box = box;
    this.picture = [...box.childNodes];
    const counts = document.getElementById("flow-counts");
    this.counts = counts ? JSON.parse(counts.textContent) : {};
    box.addEventListener("keydown", (event) => this.key(event));
    box.addEventListener("wheel", (event) => {
      if (!this.viewer || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15);
    }, { passive: false });
    this.byTouch();
    if (box.dataset.diagram) this.load(box.dataset.diagram);
    document.addEventListener("diwan:flow", ({ detail }) => this.show(detail));
  }

  async load(url) {
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (answer.ok) await this.show(await answer.text());
    } catch { /* the server's picture stays */ }
  }

  async show(xml) {
    if (xml === this.xml) return;
    const started = this.viewer || this.start();
    const seen = this.drawn ? started.get("canvas").viewbox() : null;
    try {
      await started.importXML(xml);
    } catch {
      if (!this.drawn) this.stop();
      return;
    }
    [this.drawn, this.xml] = [true, xml];
    this.mark();
    if (seen) started.get("canvas").viewbox(seen);
    else this.fit();
  }

  start() {
    this.box.replaceChildren();
    this.box.classList.add("is-live");
    this.tools();
    this.viewer = new Viewer({
      container: this.box, additionalModules: [MoveCanvas],
      textRenderer: { defaultStyle: { fontFamily: FONT, fontSize: 14 }, externalStyle: { fontFamily: FONT, fontSize: 13 } },
    });
    return this.viewer;
  }

  stop() {
    this.viewer.destroy();
    this.viewer = null;
    this.bar.remove();
    this.box.classList.remove("is-live");
    this.box.replaceChildren(...this.picture);
  }

  /** Colours by kind, and how many cases stand where. */
  mark() {
    const canvas = this.viewer.get("canvas");
    const overlays = this.viewer.get("overlays");
    this.viewer.get("elementRegistry").forEach((element) => {
      if (KINDS[element.type]) canvas.addMarker(element, `is-${KINDS[element.type]}`);
      const count = this.counts[element.id];
      if (!count) return;
      const badge = document.createElement("span");
      badge.className = "flow-badge";
      badge.textContent = String(count);
      overlays.add(element, { position: { top: -12, right: 14 }, html: badge });
    });
  }

  fit() {
    const canvas = this.viewer.get("canvas");
    canvas.zoom("fit-viewport", "auto");
    if (canvas.zoom() >= LEAST) return;
    const { inner, outer } = canvas.viewbox();
    const height = outer.height / LEAST;
    canvas.viewbox({ x: inner.x - 10, y: inner.y + Math.min(0, (inner.height - height) / 2) - 10, width: outer.width / LEAST, height });
  }

  whole() { this.viewer.get("canvas").zoom("fit-viewport", "auto"); }

  zoom(by) {
    const canvas = this.viewer.get("canvas");
    canvas.zoom(Math.min(3, Math.max(0.1, canvas.zoom() * by)));
  }

  key(event) {
    if (!this.viewer || event.target !== this.box || event.ctrlKey || event.altKey || event.metaKey) return;
    const step = STEPS[event.key];
    if (step) this.viewer.get("canvas").scroll({ dx: step[0], dy: step[1] });
    else if (event.key === "+" || event.key === "=") this.zoom(1.15);
    else if (event.key === "-") this.zoom(1 / 1.15);
    else if (event.key === "0") this.whole();
    else return;
    event.preventDefault();
  }

  /** A finger moves the sheet; the viewer itself hears the mouse only. */
  byTouch() {
    let last = null;
    this.box.addEventListener("pointerdown", (event) => { last = event.pointerType === "touch" && this.viewer ? event : null; });
    this.box.addEventListener("pointermove", (event) => {
      if (!last || event.pointerId !== last.pointerId) return;
      this.viewer.get("canvas").scroll({ dx: event.clientX - last.clientX, dy: event.clientY - last.clientY });
      last = event;
    });
    for (const name of ["pointerup", "pointercancel"]) this.box.addEventListener(name, () => { last = null; });
  }

  tools() {
    this.bar = document.createElement("div");
    this.bar.className = "flow-tools";
    for (const [name, act] of [["zoom_in", () => this.zoom(1.15)], ["zoom_out", () => this.zoom(1 / 1.15)], ["fit", () => this.whole()]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-plain";
      button.textContent = text(name);
      button.addEventListener("click", act);
      this.bar.append(button);
    }
    this.box.before(this.bar);
  }
}

for (const box of document.querySelectorAll("[data-flow]")) new FlowBox(box);
