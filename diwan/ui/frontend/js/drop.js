// A chosen file is named beside its button ([data-drop-name]). form[data-drop]: one that is dropped anywhere on the page is
// taken into the form's file field and sent at once. Without scripts the file field itself takes both.
import { fresh, onPart } from "./dom.js";

const carriesFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");

function named(box) {
  const [input, said] = [box.querySelector("input[type=file]"), box.querySelector("[data-drop-name]")];
  const name = () => { said.textContent = [...input.files].map((file) => file.name).join(" · "); };
  input.addEventListener("change", name);
  name();
}

function take(form, input) {
  const box = input.closest(".file-slot");
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (!form.isConnected || !carriesFiles(event)) return;
      event.preventDefault();
      box?.classList.toggle("is-over", event.type === "dragover");
      if (event.type !== "drop" || !event.dataTransfer.files.length) return;
      const one = new DataTransfer();
      one.items.add(event.dataTransfer.files[0]);
      input.files = one.files;
      input.dispatchEvent(new Event("change"));
      form.requestSubmit();
    });
  }
}

onPart((root) => {
  for (const box of fresh(root, ".file-slot:has([data-drop-name])", "Named")) named(box);
  for (const form of fresh(root, "form[data-drop]", "Drop")) {
    const input = form.querySelector("input[type=file]");
    if (input) take(form, input);
  }
});
