// [data-upload]: each chosen file goes to the server at once, one after another, with progress; a break only delays it.
// A button that is pressed meanwhile is pressed again by itself when everything has arrived.
import { csrf, fresh, icon, onPart, text } from "./dom.js";
import { showOffline, showOnline, worthTrying } from "./net.js";
import { shrink } from "./shrink.js";

const size = (bytes) => (bytes < 1e6 ? text("size_kb", { n: Math.max(1, Math.round(bytes / 1000)) }) : text("size_mb", { n: Number((bytes / 1e6).toFixed(1)) }));
const key = () => (crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random().toString(16).slice(2)}`);

class Slot {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input[type=file]");
    this.list = box.querySelector("[data-files]");
    this.state = box.querySelector("[data-upload-state]");
    this.queue = [];
    this.done = 0;
    this.busy = false;
    if (!this.input) return;
    this.name = this.input.name;
    this.input.addEventListener("change", () => this.take([...this.input.files]));
    box.addEventListener("diwan:take", (event) => this.take(event.detail)); // a recording that was just made
    for (const kind of ["dragover", "dragleave", "drop"]) box.addEventListener(kind, (event) => this.dragged(event));
  }

  dragged(event) {
    event.preventDefault();
    this.box.classList.toggle("is-over", event.type === "dragover");
    if (event.type === "drop") this.take([...event.dataTransfer.files].slice(0, this.input.multiple ? 100 : 1));
  }

  take(files) {
    this.queue.push(...files.map((file) => ({ file, key: key() })));
    this.input.value = "";
    if (!this.busy) this.run();
  }

  async run() {
    this.busy = true;
    this.done = 0;
    const form = this.input.form;
    if (form) form.uploads = (form.uploads || 0) + 1;
    let fine = true;
    while (this.queue.length) fine = (await this.one(this.queue.shift())) && fine;
    this.busy = false;
    if (form) this.ended(form, fine);
  }

  /** Goes on with what was pressed meanwhile, unless a file was refused: then the person reads why. */
  ended(form, fine) {
    form.uploads -= 1;
    if (!fine) form.dispatchEvent(new CustomEvent("diwan:stay"));
    else if (!form.uploads) form.dispatchEvent(new CustomEvent("diwan:go-on"));
  }

  say(words) { this.state.textContent = words; }

  async one({ file, key: idempotency }) {
    this.done += 1;
    const total = this.done + this.queue.length;
    this.place = total > 1 ? `${text("upload_of", { n: this.done, m: total })} · ` : "";
    if (file.size === 0) { this.say(`${file.name}: ${text("upload_empty")}`); return false; }
    this.say(this.place + text("shrinking"));
    const small = await shrink(file);
    const limit = Number(this.box.dataset.limit || 0);
    if (limit && small.size > limit) { this.say(`${file.name}: ${text("upload_too_big", { limit: size(limit) })}`); return false; }
    const row = this.row(small);
    for (let wait = 3; ; wait = Math.min(wait * 2, 30)) {
      const answer = await this.send(small, idempotency, row.bar);
      if (answer.status && answer.status < 500) return this.finish(row, answer);
      row.bar.value = 0;
      this.say(this.place + text("upload_wait"));
      showOffline();
      await worthTrying(wait);
    }
  }

  row(file) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.className = "name";
    const shown = document.createElement("bdi");
    shown.textContent = file.name;
    name.append(shown);
    const weight = document.createElement("bdi");
    weight.className = "muted num";
    weight.textContent = size(file.size);
    const bar = document.createElement("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    item.append(icon("file-earmark-text"), name, weight, bar);
    this.list.append(item);
    return { item, name, shown, bar };
  }

  send(file, idempotency, bar) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.box.dataset.uploadUrl);
      request.setRequestHeader("X-CSRFToken", csrf(this.input.form));
      request.setRequestHeader("X-Requested-With", "fetch");
      request.setRequestHeader("Idempotency-Key", idempotency);
      request.upload.addEventListener("progress", (event) => {
        const percent = Math.round((event.loaded / event.total) * 100);
        bar.value = percent;
        this.say(this.place + text("upload_percent", { percent }));
      });
      request.addEventListener("loadend", () => {
        let said = {};
        try { said = JSON.parse(request.responseText); } catch { /* no JSON: the status tells enough */ }
        // Led to sign-in instead of an answer: the session has ended meanwhile.
        const away = request.responseURL && new URL(request.responseURL).pathname !== new URL(this.box.dataset.uploadUrl, window.location.href).pathname;
        resolve(away ? { status: 401, said: { message: text("upload_signed_out") } } : { status: request.status, said });
      });
      const data = new FormData();
      data.append("file", file, file.name);
      data.append("slot", this.name);
      request.send(data);
    });
  }

  finish(row, { status, said }) {
    showOnline();
    row.bar.remove();
    if (status >= 400) {
      row.item.remove();
      this.say(said.message || text("upload_failed"));
      this.box.dispatchEvent(new CustomEvent("diwan:refused", { bubbles: true, detail: said }));
      return false;
    }
    this.say(this.place + text("upload_done"));
    for (const one of this.box.querySelectorAll("[data-received]")) one.hidden = false;
    this.box.classList.add("is-filled");
    if (said.url) {
      const link = document.createElement("a");
      link.href = said.url;
      link.append(row.shown);
      row.name.append(link);
    }
    if (said.remove_url) row.item.append(this.remover(said, row));
    if (!this.input.multiple) for (const one of [this.input, this.box.querySelector(".slot-pick")]) if (one) one.hidden = true;
    this.box.dispatchEvent(new CustomEvent("diwan:uploaded", { bubbles: true, detail: said }));
    return true;
  }

  remover(said, row) {
    const button = document.createElement("button");
    button.type = "submit";
    button.className = "btn btn-quiet";
    button.formNoValidate = true;
    button.setAttribute("formaction", said.remove_url);
    button.append(icon("trash"), text("remove"));
    button.setAttribute("aria-label", `${text("remove")} ${row.shown.textContent}`);
    return button;
  }
}

onPart((root) => { for (const box of fresh(root, "[data-upload]", "Upload")) new Slot(box); });
