// At the counter Enter moves to the next question and sends after the last one: a card reader ends with Enter, and
// half a form is not to be sent by it. Function keys save (data-key).
const ASKED = "input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=search]):not([type=file]), select";

/** Fields of a form in the order of the page; of a group of choices the chosen one, else its first. */
function questions(form) {
  const groups = new Map();
  for (const field of form.querySelectorAll(ASKED)) {
    if (field.disabled || field.readOnly || field.offsetParent === null) continue;
    const key = field.type === "radio" ? `radio ${field.name}` : field;
    if (!groups.has(key) || field.checked) groups.set(key, field);
  }
  return [...groups.values()];
}

function isOf(group, field) {
  return group === field || (field.type === "radio" && group.type === "radio" && group.name === field.name);
}

/** In a group marked with data-enter-picks Enter also chooses what it stands on, as long as nothing is chosen. */
function pick(field) {
  if (field.type !== "radio" || !field.closest("[data-enter-picks]") || [...field.form.elements].some((one) => isOf(field, one) && one.checked)) return;
  field.checked = true;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const field = event.target;
  if (!document.body.classList.contains("room-counter") || !field.matches?.(ASKED) || !field.form || field.form.closest("dialog, header")) return;
  const all = questions(field.form);
  const next = all[all.findIndex((one) => isOf(one, field)) + 1];
  if (!next || !all.some((one) => isOf(one, field))) return;
  event.preventDefault();
  pick(field);
  next.focus();
  if (next.matches("input") && next.type !== "radio" && next.type !== "checkbox") next.select();
});
