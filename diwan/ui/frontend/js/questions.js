// [data-questions]: a choice brings up or takes away other questions. The server says which; what is there already is not
// touched, so that nothing typed meanwhile is lost. Without script the questions come with the next page.
import { fresh, onPart, post, startPart, typed } from "./dom.js";

const partsOf = (element) => [...element.children].filter((child) => child.dataset.part !== undefined);

/** Brings the parts of `here` in line with those of `next`: missing ones are put in their place, others taken away. */
function merge(here, next) {
  const known = new Map(partsOf(here).map((part) => [part.dataset.part, part]));
  let before = null;
  for (const wanted of partsOf(next)) {
    const found = known.get(wanted.dataset.part);
    if (found) {
      known.delete(wanted.dataset.part);
      merge(found, wanted);
      before = found;
      continue;
    }
    const made = document.adoptNode(wanted);
    const first = partsOf(here)[0];
    if (before) before.after(made);
    else if (first) first.before(made);
    else here.append(made);
    startPart(made);
    window.diwan.process(made);
    before = made;
  }
  for (const gone of known.values()) gone.remove();
}

function watch(box) {
  const form = box.closest("form");
  let asked = 0;
  box.addEventListener("change", async (event) => {
    if (!event.target.matches("input[type=radio], input[type=checkbox], select")) return;
    asked += 1;
    const mine = asked;
    const data = typed(form);
    data.append("look", "questions");
    try {
      const response = await post(box.dataset.questions, data, { form });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const next = page.querySelector("[data-questions]");
      if (response.ok && next && mine === asked) merge(box, next);
    } catch { /* no connection: the questions come with the next page */ }
  });
}

onPart((root) => { for (const box of fresh(root, "[data-questions]", "Questions")) watch(box); });
