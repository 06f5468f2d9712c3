// [data-date-boxes]: shows the same day in the other calendar while three boxes are typed. The server decides; this only tells.
import { fresh, onPart, text } from "./dom.js";

const DAY = 86_400_000;
const arabicDigits = /[٠-٩۰-۹]/g;
export const ascii = (value) => value.replace(arabicDigits, (digit) => String("٠١٢٣٤٥٦٧٨٩".indexOf(digit) + 1 ? "٠١٢٣٤٥٦٧٨٩".indexOf(digit) : "۰۱۲۳۴۵۶۷۸۹".indexOf(digit)));

let parts = null;
/** Hijri year, month, day (Umm al-Qura) of a UTC day, or null where the browser has no such calendar. */
export function toHijri(utc) {
  try {
    parts = parts || new Intl.DateTimeFormat("en-u-ca-islamic-umalqura-nu-latn", { day: "numeric", month: "numeric", year: "numeric", timeZone: "UTC" });
    const found = Object.fromEntries(parts.formatToParts(new Date(utc)).map((part) => [part.type, parseInt(part.value, 10)]));
    return found.year > 1300 && found.year < 1600 ? { year: found.year, month: found.month, day: found.day } : null;
  } catch { return null; }
}

const order = (date) => date.year * 10_000 + date.month * 100 + date.day;

/** UTC day of a Hijri date; null when there is no such day; undefined when this browser cannot tell. */
export function fromHijri(year, month, day) {
  let at = Date.UTC(622, 6, 16) + Math.floor((year - 1) * 354.367 + (month - 1) * 29.53 + day - 1) * DAY;
  if (!toHijri(at)) return undefined;
  const wanted = order({ year, month, day });
  for (let step = 0; step < 12 && order(toHijri(at)) > wanted; step += 1) at -= DAY;
  for (let step = 0; step < 24 && order(toHijri(at)) < wanted; step += 1) at += DAY;
  return order(toHijri(at)) === wanted ? at : null;
}

function monthLength(year, month) { return fromHijri(year, month, 30) === null ? 29 : 30; }

const pad = (number) => String(number).padStart(2, "0");

function tell(year, month, day, calendar) {
  const lang = document.documentElement.lang === "ar" ? "ar" : "en";
  if (calendar === "hijri") {
    if (month < 1 || month > 12 || day < 1 || day > 30) return text("date_none");
    const at = fromHijri(year, month, day);
    if (at === undefined) return "";
    if (at === null) return text("date_short", { n: monthLength(year, month) });
    const shown = new Intl.DateTimeFormat(`${lang}-u-ca-gregory-nu-latn`, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(at);
    return text("date_other_g", { date: shown });
  }
  const made = new Date(Date.UTC(year, month - 1, day));
  if (made.getUTCMonth() !== month - 1 || made.getUTCDate() !== day) return text("date_none");
  const hijri = toHijri(made.getTime());
  return hijri ? text("date_other_h", { date: `\u2066${hijri.year}/${pad(hijri.month)}/${pad(hijri.day)}\u2069` }) : "";
}

function watch(boxes) {
  const note = boxes.parentElement.querySelector("[data-other-calendar]");
  const box = (name) => boxes.querySelector(`[data-part=${name}]`);
  const show = () => {
    const [year, month, day] = ["year", "month", "day"].map((name) => Number(ascii(box(name).value.trim())));
    const calendar = boxes.querySelector("[data-part=calendar]:checked")?.value || "hijri";
    const ready = Number.isInteger(year) && year > 1000 && Number.isInteger(month) && month > 0 && Number.isInteger(day) && day > 0;
    if (note) note.textContent = ready ? tell(year, month, day, calendar) : "";
  };
  boxes.addEventListener("input", show);
  boxes.addEventListener("change", show);
  show();
}

onPart((root) => { for (const boxes of fresh(root, "[data-date-boxes]", "Dates")) watch(boxes); });
