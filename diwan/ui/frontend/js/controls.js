// Small controls: code field and its timer, copy buttons, dialogs, reading tools, choice of cookies.
import { csrf, fresh, onPart, post, text } from "./dom.js";
import { ascii } from "./dates.js";

function watchOtp(input) {
  input.addEventListener("input", () => {
    const plain = ascii(input.value).replace(/[^0-9]/g, "");
    if (plain !== input.value) input.value = plain;
  });
}

function countDown(button) {
  const note = button.parentElement.querySelector("[data-resend-note]");
  const end = Date.now() + Number(button.dataset.wait || 60) * 1000;
  button.disabled = true;
  const timer = setInterval(tick, 1000);
  function tick() {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (note) note.textContent = left > 0 && (left % 10 === 0 || left <= 5) ? text("resend_in", { n: left }) : note.textContent;
    if (left > 0) return;
    clearInterval(timer);
    button.disabled = false;
    if (note) note.textContent = "";
  }
  if (note) note.textContent = text("resend_in", { n: Math.ceil((end - Date.now()) / 1000) });
}

async function copy(button) {
  const words = button.querySelector("[data-copy-word]") || button;
  const label = words.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    const area = document.createElement("textarea");
    area.value = button.dataset.copy;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  words.textContent = text("copied");
  button.setAttribute("aria-live", "polite");
  setTimeout(() => { words.textContent = label; }, 2500);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy], [data-open-dialog], [data-close-dialog], [data-print]");
  if (!button) return;
  if (button.dataset.copy !== undefined) copy(button);
  else if (button.dataset.openDialog) document.getElementById(button.dataset.openDialog)?.showModal();
  else if (button.dataset.print !== undefined) window.print();
  else button.closest("dialog")?.close();
});

// <select data-fills="id"> with <option data-text>: the usual sentence of the choice, where nothing else was written.
document.addEventListener("change", (event) => {
  const select = event.target.closest?.("select[data-fills]");
  const target = select && document.getElementById(select.dataset.fills);
  if (!target) return;
  const usual = [...select.options].map((option) => option.dataset.text).filter(Boolean);
  if (target.value.trim() && !usual.includes(target.value.trim())) return;
  target.value = select.selectedOptions[0]?.dataset.text || "";
});

// Reading tools change the page at once; the server remembers.
function applyPreference(form, button) {
  const root = document.documentElement;
  if (button.name === "text") {
    root.classList.remove("text-1", "text-2");
    if (button.value !== "0") root.classList.add(`text-${button.value}`);
    for (const one of form.querySelectorAll("[name=text]")) one.setAttribute("aria-pressed", String(one === button));
  } else if (button.name === "contrast") {
    const high = button.value === "high";
    root.classList.toggle("contrast-high", high);
    button.setAttribute("aria-pressed", String(high));
    button.value = high ? "normal" : "high";
  }
}

function remember(form, button) {
  const body = new FormData();
  body.append(button.name, button.value);
  body.append("csrfmiddlewaretoken", csrf(form));
  return post(form.getAttribute("action"), body, { form });
}

onPart((root) => {
  for (const input of fresh(root, "[data-otp]", "Otp")) watchOtp(input);
  for (const button of fresh(root, "[data-resend]", "Resend")) countDown(button);
  for (const form of fresh(root, "form[data-preferences]", "Preferences")) {
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      if (!button || button.name === "digits") return;
      event.preventDefault();
      remember(form, button);
      applyPreference(form, button);
    });
  }
  for (const form of fresh(root, "form[data-cookie-choice]", "Cookies")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      remember(form, event.submitter);
      form.closest("section").remove();
    });
  }
});
