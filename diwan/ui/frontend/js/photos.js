// input[data-shrink]: photos that go with a form are made smaller where they were chosen; a button pressed meanwhile waits.
import { fresh, onPart } from "./dom.js";
import { shrink } from "./shrink.js";

async function replace(input) {
  const { form } = input;
  const chosen = [...input.files];
  if (!chosen.length || !window.DataTransfer) return;
  if (form) form.uploads = (form.uploads || 0) + 1;
  const held = new DataTransfer();
  for (const file of chosen) held.items.add(await shrink(file));
  input.files = held.files;
  if (!form) return;
  form.uploads -= 1;
  if (!form.uploads) form.dispatchEvent(new CustomEvent("diwan:go-on"));
}

onPart((root) => { for (const input of fresh(root, "input[data-shrink]", "Shrink")) input.addEventListener("change", () => replace(input)); });
