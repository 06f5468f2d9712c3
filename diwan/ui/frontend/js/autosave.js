// <form data-autosave-url>: what is typed is on the server 3 seconds after the last key, and when the page is left;
// with data-autosave-now a chosen answer is there at once.
import { csrf, fresh, json, onPart, post, text, typed } from "./dom.js";
import { showOffline, showOnline, worthTrying } from "./net.js";

const QUIET_SECONDS = 3;
const RETRY_SECONDS = [3, 6, 12, 30];
const savers = new Set();

class Saver {
  constructor(form) {
    this.form = form;
    this.note = form.querySelector("[data-autosave-note]") || document.querySelector(`[data-autosave-note="${form.id}"]`);
    this.dirty = false;
    this.timer = null;
    this.running = null;
    // Controls may belong to the form by their attribute `form` and stand elsewhere on the page.
    document.addEventListener("input", (event) => { if (event.target.form === form) this.touched(); });
    document.addEventListener("change", (event) => { if (event.target.form === form) this.changed(); });
    form.addEventListener("submit", () => { this.dirty = false; clearTimeout(this.timer); });
  }

  /** [data-autosave-now]: each answer is on the server at once; typed text still waits for the pause. */
  changed() {
    this.touched();
    if (this.form.dataset.autosaveNow !== undefined) this.save();
  }

  touched() {
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), QUIET_SECONDS * 1000);
  }

  say(words) { if (this.note) this.note.textContent = words; }

  /** Saves now; the same promise while one is under way. */
  save() {
    clearTimeout(this.timer);
    if (!this.dirty) return Promise.resolve(true);
    this.running = this.running || this.send().finally(() => {
      this.running = null;
      if (this.dirty && this.form.isConnected) this.touched();
    });
    return this.running;
  }

  async send() {
    for (let tries = 0; this.form.isConnected; tries += 1) {
      this.dirty = false;
      this.say(text("saving"));
      try {
        const response = await post(this.form.dataset.autosaveUrl, typed(this.form), { form: this.form });
        if (response.status >= 500) throw new Error(String(response.status));
        showOnline();
        return await this.answered(response);
      } catch {
        this.dirty = true;
        this.say(text("not_saved"));
        showOffline();
        await worthTrying(RETRY_SECONDS[Math.min(tries, RETRY_SECONDS.length - 1)]);
      }
    }
    return false;
  }

  async answered(response) {
    const said = await json(response);
    for (const [name, value] of Object.entries(said.fields || {})) {
      const field = this.form.querySelector(`input[type=hidden][name="${CSS.escape(name)}"]`);
      if (field) field.value = value;
    }
    const now = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const fine = response.ok && !response.redirected;
    this.locked = response.status === 423;
    this.say(fine ? text("saved", { time: said.saved_at || now }) : said.message || text("not_saved"));
    return fine;
  }

  /** The page goes away: hand the rest to the browser. */
  leave() {
    if (!this.dirty || !this.form.isConnected) return;
    const data = typed(this.form);
    if (!data.has("csrfmiddlewaretoken")) data.append("csrfmiddlewaretoken", csrf(this.form));
    if (navigator.sendBeacon(this.form.dataset.autosaveUrl, data)) this.dirty = false;
  }
}

// What could not be saved while the session was locked is saved as soon as its person is back.
document.addEventListener("diwan:unlocked", () => {
  for (const saver of savers) if (saver.locked) saver.touched();
});

/** Saves every form of the page that has unsaved text. */
export function saveAll() { return Promise.all([...savers].map((saver) => saver.save())); }

onPart((root) => { for (const form of fresh(root, "form[data-autosave-url]", "Autosave")) savers.add(new Saver(form)); });
const leaveAll = () => { for (const saver of savers) saver.leave(); };
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leaveAll(); });
window.addEventListener("pagehide", leaveAll);
