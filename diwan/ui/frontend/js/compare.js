// [data-compare]: two photos side by side, or the later one over the earlier one with a slider (arrow keys move it).
import { fresh } from "./dom.js";

function wire(box) {
  const slider = box.querySelector("[data-compare-at]");
  const put = () => box.style.setProperty("--at", `${slider.value}%`);
  slider.addEventListener("input", put);
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-compare-mode]");
    if (!button) return;
    const over = button.dataset.compareMode === "over";
    box.classList.toggle("is-over", over);
    slider.closest("label").hidden = !over;
    for (const one of box.querySelectorAll("[data-compare-mode]")) one.setAttribute("aria-pressed", String(one === button));
    if (over) slider.focus();
  });
  put();
}

const start = (root) => { for (const box of fresh(root, "[data-compare]", "Compare")) wire(box); };
start(document);
document.addEventListener("diwan:part", (event) => start(event.detail));
