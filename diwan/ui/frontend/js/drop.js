// form[data-drop]: a file that is dropped anywhere on the page is taken into the form's file field and sent at once; a
// chosen one is named beside the button. Without scripts the file field itself takes both.
import { fresh, onPart } from "./dom.js";

const carriesFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");

function take(form, input, said) {
  const box = input.closest(".file-slot");
  const name = () => { said.textContent = [...input.files].map((file) => file.name).join(" · "); };
  input.addEventListener("change", name);
  name();
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      if (!form.isConnected || !carriesFiles(event)) return;
      event.preventDefault();
      box?.classList.toggle("is-over", event.type === "dragover");
      if (event.type !== "drop" || !event.dataTransfer.files.length) return;
      const one = new DataTransfer();
      one.items.add(event.dataTransfer.files[0]);
      input.files = one.files;
      name();
      form.requestSubmit();
    });
  }
}

onPart((root) => {
  for (const form of fresh(root, "form[data-drop]", "Drop")) {
    const input = form.querySelector("input[type=file]");
    const said = form.querySelector("[data-drop-name]");
    if (input && said) take(form, input, said);
  }
});
