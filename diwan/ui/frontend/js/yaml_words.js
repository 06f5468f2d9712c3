// What can be written where the cursor stands: keys by the place in the text, values by their key.

const KEY = /^(\s*)(?:- +)*([A-Za-z_][\w.-]*)\s*:/;

/** The keys that lead to a line, outermost first: parents are the lines above with less indent. */
export function trail(lines, at) {
  const found = [];
  let indent = margin(lines[at]);
  for (let row = at - 1; row >= 0 && indent > 0; row -= 1) {
    const match = KEY.exec(lines[row]);
    if (!match) continue;
    const own = margin(lines[row]);
    const key = lines[row].search(/[^\s-]/);
    if (key < indent || own < indent) {
      if (key < indent) found.unshift(match[2]);
      indent = Math.min(indent, own);
    }
  }
  return found;
}

const margin = (line) => {
  const place = line.search(/\S/);
  return place < 0 ? line.length : place;
};

/** Keys of the steps that the text itself has. */
export function steps(lines) {
  const found = [];
  let inside = -1;
  for (const line of lines) {
    const match = /^(\s*)([\w.-]+):/.exec(line);
    if (!match) continue;
    const indent = match[1].length;
    if (match[2] === "steps" && /:\s*$/.test(line) && indent > 0) inside = indent;
    else if (inside >= 0 && indent <= inside) inside = -1;
    else if (inside >= 0 && indent === inside + 2) found.push(match[2]);
  }
  return found;
}

/** The place whose keys fit: the parent, or what holds it when the parent is a name of somebody's own. */
function placed(path) {
  const [last, before] = [path[path.length - 1] || "", path[path.length - 2] || ""];
  if (["steps", "actions", "outcomes", "interventions", "tables"].includes(before)) return before;
  return last;
}

/** The kind of the step that a line is in. */
function kindOf(lines, at) {
  const indent = margin(lines[at]);
  for (const way of [-1, 1]) {
    for (let row = at + (way > 0 ? 1 : 0); row >= 0 && row < lines.length; row += way) {
      const match = /(?:^|[{,])\s*kind:\s*([a-z_]+)/.exec(lines[row]);
      if (match && margin(lines[row]) === indent) return match[1];
      if (lines[row].trim() && margin(lines[row]) < indent) break;
    }
  }
  return "";
}

const option = ([label, detail], apply) => ({ label, detail: detail || undefined, apply: apply ? `${label}${apply}` : undefined });

/** Source of completions for the editor. */
export function complete(context, words) {
  const { state, pos } = context;
  const line = state.doc.lineAt(pos);
  const lines = state.doc.toString().split("\n");
  const before = line.text.slice(0, pos - line.from);
  const value = /(?:^|[{,\s-])([A-Za-z_][\w-]*):\s*(?:\[(?:[^\]]*,)?\s*)?["']?([\w.:-]*)$/.exec(before);
  if (value && /:\s/.test(before.slice(value.index))) return values(value, lines, line.number - 1, pos, words, context);
  const item = /^\s*-\s+["']?([\w.:-]*)$/.exec(before);
  const path = trail(lines, line.number - 1);
  if (item && offered(path[path.length - 1], path, lines, words).length) {
    return answer(pos - item[1].length, offered(path[path.length - 1], path, lines, words).map((one) => option(one)), context);
  }
  const flow = /([\w-]+):\s*\{(?:[^{}]*,)?\s*([\w-]*)$/.exec(before);
  const key = flow || /^\s*(?:-\s+)*([\w-]*)$/.exec(before);
  if (!key) return null;
  const typed = key[key.length - 1];
  const whole = flow ? [...path, flow[1]] : path;
  return answer(pos - typed.length, keys(placed(whole), flow ? before : "", lines, line.number - 1, words).map((name) => option([name, ""], ": ")), context);
}

function keys(place, inline, lines, at, words) {
  if (place !== "steps") return words.keys[place] || [];
  const kind = (/kind:\s*([a-z_]+)/.exec(inline) || [])[1] || kindOf(lines, at);
  return words.steps[kind] || [...new Set(Object.values(words.steps).flat())];
}

function values(match, lines, at, pos, words, context) {
  const [, key, typed] = match;
  return answer(pos - typed.length, offered(key, trail(lines, at), lines, words, match.input).map((one) => option(one)), context);
}

function offered(key, path, lines, words, inline = "") {
  if (key === "kind") return words.kinds[[...path].reverse().find((name) => words.kinds[name]) || "steps"] || [];
  if (words.to.includes(key) || path[path.length - 1] === "outcomes") return steps(lines).map((name) => [name, ""]);
  if (path.includes("reasons") || (key && path.length === 1 && path[0] === "reasons")) return words.reasons;
  if (key === "act" && /late/.test(inline)) return words.values.act.slice(-4);
  return words.values[key] || [];
}

/** Nothing is offered for a word that is written out: Enter is a new line there. */
function answer(from, options, context) {
  const written = (word) => options.some((one) => one.label === word);
  const typed = context.state.sliceDoc(from, context.pos);
  const begins = typed || /[:{[,-]\s$/.test(context.state.sliceDoc(Math.max(0, from - 2), from));
  if (!options.length || (!context.explicit && (!begins || written(typed)))) return null;
  return { from, options, validFor: (word) => /^[\w.:-]*$/.test(word) && !written(word) };
}
