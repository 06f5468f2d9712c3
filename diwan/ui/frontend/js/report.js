// Island of the pages of reports: a voice note, photos before and after under one slider, a photo made small before it is sent.
import { fresh, text } from "./dom.js";
import { shrink } from "./shrink.js";

const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus", "audio/webm"];
const ENDINGS = { "audio/webm": "webm", "audio/mp4": "m4a", "audio/ogg": "ogg" };
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

/** Records up to data-seconds and hands the recording to the upload of the same box. */
class Voice {
  constructor(box) {
    this.box = box;
    this.most = Number(box.dataset.seconds || 60);
    this.tools = box.querySelector("[data-voice-tools]");
    this.input = box.querySelector("input[type=file]");
    this.time = box.querySelector("[data-voice-time]");
    this.state = box.querySelector("[data-upload-state]");
    if (!this.tools || !navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return;
    this.kind = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    if (!this.kind) return;
    this.begin = box.querySelector("[data-voice-start]");
    this.end = box.querySelector("[data-voice-stop]");
    this.begin.addEventListener("click", () => this.record());
    this.end.addEventListener("click", () => this.recorder?.stop());
    this.tools.hidden = false;
    this.input.hidden = true;
    box.addEventListener("diwan:uploaded", ({ detail }) => this.received(detail));
  }

  async record() {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      this.state.textContent = text("voice_denied");
      this.input.hidden = false;
      return;
    }
    const parts = [];
    this.recorder = new MediaRecorder(stream, { mimeType: this.kind, audioBitsPerSecond: 32_000 });
    this.recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    this.recorder.addEventListener("stop", () => {
      for (const track of stream.getTracks()) track.stop();
      clearInterval(this.tick);
      this.show(false);
      const kind = this.recorder.mimeType.split(";")[0];
      const file = new File(parts, `voice.${ENDINGS[kind] || "webm"}`, { type: kind });
      this.box.dispatchEvent(new CustomEvent("diwan:take", { detail: [file] }));
    });
    this.started = performance.now();
    this.recorder.start();
    this.show(true);
    this.tick = setInterval(() => this.count(), 250);
    this.count();
  }

  count() {
    const seconds = (performance.now() - this.started) / 1000;
    this.time.textContent = `${clock(seconds)} / ${clock(this.most)}`;
    if (seconds >= this.most && this.recorder.state === "recording") this.recorder.stop();
  }

  show(recording) {
    this.begin.hidden = recording;
    this.end.hidden = !recording;
    if (recording) this.end.focus(); else { this.time.textContent = ""; this.begin.focus(); }
    this.state.textContent = recording ? text("voice_recording") : "";
  }

  /** The recording can be heard again at once. */
  received({ url }) {
    this.tools.hidden = true;
    const player = document.createElement("audio");
    player.controls = true;
    player.preload = "none";
    player.src = url;
    player.setAttribute("aria-label", this.input.getAttribute("aria-label") || "");
    this.box.querySelector("[data-files] li:last-child")?.prepend(player);
  }
}

/** Two photos in one frame; the slider, a range that keys move as well, says how much of the first is seen. */
function compare(box) {
  const slide = box.querySelector("label");
  const range = slide.querySelector("input");
  box.classList.add("is-sliding");
  slide.hidden = false;
  const show = () => box.style.setProperty("--shown", `${range.value}%`);
  range.addEventListener("input", show);
  show();
}

/** Sends a form once its photos are small. */
function shrinking(form) {
  form.addEventListener("submit", async (event) => {
    const input = form.querySelector("input[type=file]");
    if (form.shrunk || !input?.files.length) return;
    event.preventDefault();
    const small = new DataTransfer();
    for (const file of input.files) small.items.add(await shrink(file));
    await new Promise((resolve) => setTimeout(resolve)); // a form is not sent while it is being sent: a small photo is ready at once
    input.files = small.files;
    form.shrunk = true;
    form.sending = false;
    form.requestSubmit(event.submitter);
  });
}

function start(root) {
  for (const box of fresh(root, "[data-voice]", "Voice")) new Voice(box);
  for (const box of fresh(root, "[data-before-after]", "Compare")) compare(box);
  for (const form of fresh(root, "form[data-shrink]", "Shrink")) shrinking(form);
}
start(document.body);
document.addEventListener("diwan:part", (event) => start(event.detail));
