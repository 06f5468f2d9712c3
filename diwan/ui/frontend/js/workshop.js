// [data-yaml-check]: the text of a service in an editor with completion, checked as one types. Without it the text area
// does the same by the page's own buttons. The editor lives in a shadow root: its styles are sheets of that root, which
// the page's policy allows, where a style element would be refused.
import { EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { autocompletion } from "@codemirror/autocomplete";
import { yaml } from "@codemirror/lang-yaml";
import { forceLinting, linter, lintGutter } from "@codemirror/lint";
import { basicSetup } from "codemirror";
import { json, post, text } from "./dom.js";
import { complete } from "./yaml_words.js";

const PAUSE = 700; // milliseconds without typing before the text is checked

const theme = EditorView.theme({
  "&": { height: "min(70vh, 44rem)", backgroundColor: "#ffffff", color: "#161c19", fontSize: "14px" },
  ".cm-scroller": { fontFamily: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace', lineHeight: "1.5rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-gutters": { backgroundColor: "#f6f4f0", color: "#4b5650", borderColor: "#dedad3" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "#f2faf5" },
  ".cm-tooltip": { fontFamily: '"Diwan Plex", system-ui, sans-serif', fontSize: "14px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "#196040", color: "#ffffff" },
  ".cm-completionDetail": { fontStyle: "normal", color: "inherit", marginInlineStart: "1em" },
  ".cm-panels": { backgroundColor: "#f6f4f0", color: "#161c19" },
});

class Workshop {
  constructor(holder) {
    this.area = holder.querySelector("textarea");
    this.url = holder.dataset.yamlCheck;
    this.faultBox = document.querySelector("[data-fault-box]");
    const words = document.getElementById("yaml-words");
    this.words = words ? JSON.parse(words.textContent) : null;
    const host = document.createElement("div");
    host.className = "yaml-host";
    host.dir = "ltr";
    const root = host.attachShadow({ mode: "open" });
    this.view = new EditorView({ root, parent: root, state: this.state() });
    this.area.after(host);
    this.area.hidden = true;
    const label = document.querySelector(`label[for="${this.area.id}"]`);
    if (label) label.addEventListener("click", (event) => { event.preventDefault(); this.view.focus(); });
    document.addEventListener("click", (event) => this.toLine(event));
    this.saved = "unsaved" in holder.dataset ? null : this.area.value;
    this.area.form.addEventListener("submit", () => { this.saved = this.area.value; });
    window.addEventListener("beforeunload", (event) => this.leave(event));
  }

  /** Another form or link of the page would lose what was typed since the last saving: the browser asks. */
  leave(event) {
    if (this.area.value !== this.saved) event.preventDefault();
  }

  state() {
    const label = document.querySelector(`label[for="${this.area.id}"]`);
    return EditorState.create({
      doc: this.area.value,
      extensions: [
        basicSetup, yaml(), theme, EditorView.lineWrapping, EditorState.tabSize.of(2),
        autocompletion({ override: [(context) => (this.words ? complete(context, this.words) : null)], icons: false }),
        linter((view) => this.check(view), { delay: PAUSE }), lintGutter(),
        keymap.of([{ key: "Mod-s", run: () => { this.area.form.requestSubmit(); return true; } }]),
        EditorView.contentAttributes.of({ "aria-label": label ? label.textContent.trim() : "YAML", tabindex: "0", dir: "ltr", spellcheck: "false" }),
        EditorView.perLineTextDirection.of(false),
        EditorView.updateListener.of((update) => { if (update.docChanged) this.area.value = update.state.doc.toString(); }),
      ],
    });
  }

  /** What the server says of the text; marks for the editor, and the list beside it. */
  async check(view) {
    const body = new FormData();
    body.append("text", view.state.doc.toString());
    let told;
    try {
      const answer = await post(this.url, body, { form: this.area.form });
      if (!answer.ok) return [];
      told = await json(answer);
    } catch { return []; }
    this.list(told.faults);
    if (told.bpmn) document.dispatchEvent(new CustomEvent("diwan:flow", { detail: told.bpmn }));
    const { doc } = view.state;
    return told.faults.filter((fault) => fault.line && fault.line <= doc.lines).map((fault) => {
      const line = doc.line(fault.line);
      const indent = line.text.length - line.text.trimStart().length;
      return { from: line.from + indent, to: Math.max(line.to, line.from + indent), severity: "error", message: fault.words };
    });
  }

  list(faults) {
    if (!this.faultBox) return;
    if (!faults.length) {
      const good = document.createElement("p");
      good.textContent = text("no_faults");
      this.faultBox.replaceChildren(good);
      return;
    }
    const list = document.createElement("ol");
    list.className = "fault-list";
    for (const fault of faults) list.append(this.item(fault));
    this.faultBox.replaceChildren(list);
  }

  item(fault) {
    const item = document.createElement("li");
    const words = document.createElement("span");
    words.textContent = fault.words;
    if (fault.line) {
      const link = document.createElement("a");
      link.href = `#${this.area.id}`;
      link.dataset.line = String(fault.line);
      link.textContent = text("line", { n: fault.line });
      item.append(link, ": ");
    } else if (fault.file) item.append(`${fault.file}: `);
    item.append(words);
    if (fault.path) {
      const path = document.createElement("bdi");
      path.className = "muted";
      path.dir = "ltr";
      path.textContent = fault.path;
      item.append(" ", path);
    }
    return item;
  }

  toLine(event) {
    const link = event.target.closest?.("a[data-line]");
    if (!link) return;
    event.preventDefault();
    const line = this.view.state.doc.line(Math.min(Number(link.dataset.line), this.view.state.doc.lines));
    this.view.dispatch({ selection: { anchor: line.from + (line.text.length - line.text.trimStart().length) }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
    this.view.focus();
  }
}

if ("adoptedStyleSheets" in Document.prototype) {
  for (const holder of document.querySelectorAll("[data-yaml-check]")) {
    const found = new Workshop(holder);
    forceLinting(found.view);
  }
}
