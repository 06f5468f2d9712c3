// [data-date-boxes]: shows the same day in the other calendar while three boxes are typed. The server decides; this only tells.
import { fresh, onPart, text } from "./dom.js";
import { FIRST_DAY, FIRST_YEAR, YEARS } from "./hijri_years.js";

const DAY = 86_400_000;
const arabicDigits = /[٠-٩۰-۹]/g;
export const ascii = (value) => value.replace(arabicDigits, (digit) => String("٠١٢٣٤٥٦٧٨٩".indexOf(digit) + 1 ? "٠١٢٣٤٥٦٧٨٩".indexOf(digit) : "۰۱۲۳۴۵۶۷۸۹".indexOf(digit)));

/** First days of the months from 1 Muharram of the first year in the table on; the last entry is the day after the table. */
const STARTS = [FIRST_DAY];
for (const length of YEARS) STARTS.push(STARTS[STARTS.length - 1] + (28 + Number(length)) * DAY);

/** Hijri year, month, day (Umm al-Qura) of a UTC day, or null outside the server's table. */
export function toHijri(utc) {
  if (utc < FIRST_DAY || utc >= STARTS[STARTS.length - 1]) return null;
  let index = Math.floor((utc - FIRST_DAY) / (31 * DAY)); // never too far: no month is longer
  while (STARTS[index + 1] <= utc) index += 1;
  return { year: FIRST_YEAR + Math.floor(index / 12), month: (index % 12) + 1, day: (utc - STARTS[index]) / DAY + 1 };
}

/** UTC day of a Hijri date; null when the month has no such day; undefined outside the table. */
export function fromHijri(year, month, day) {
  const index = (year - FIRST_YEAR) * 12 + month - 1;
  if (index < 0 || index + 1 >= STARTS.length) return undefined;
  const at = STARTS[index] + (day - 1) * DAY;
  return at < STARTS[index + 1] ? at : null;
}

const monthLength = (year, month) => [31, 30, 29, 28].find((day) => fromHijri(year, month, day) !== null);

const pad = (number) => String(number).padStart(2, "0");

function tell(year, month, day, calendar) {
  const lang = document.documentElement.lang === "ar" ? "ar" : "en";
  if (calendar === "hijri") {
    if (month < 1 || month > 12 || day < 1 || day > 30) return text("date_none");
    const at = fromHijri(year, month, day);
    if (at === undefined) return "";
    if (at === null) return text("date_short", { n: monthLength(year, month) });
    const shown = new Intl.DateTimeFormat(`${lang === "en" ? "en-GB" : lang}-u-ca-gregory-nu-latn`, { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(at);
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
