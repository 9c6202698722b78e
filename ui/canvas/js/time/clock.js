// Instants as people read them: always UTC+8, whatever zone the browser is in.
const SHIFT = 8 * 3_600_000;
export const SECOND = 1000;
export const DAY = 86_400_000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

// The largest step that is no longer than a pixel: so a dragged edge stands at a round time.
const ROUND = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400].map((s) => s * SECOND);

export function local(ms) {
  return new Date(ms + SHIFT);
}

// `2024-03-01 09:05:00`, the same in every browser's language.
export function fieldText(ms) {
  return local(ms).toISOString().slice(0, 19).replace("T", " ");
}

// A day, with or without time and seconds; null for anything else, 31 February too.
export function fromField(text) {
  const found = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(text.trim());
  if (found === null) return null;
  const [year, month, day, hour, minute, second] = found.slice(1).map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 59) return null;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const said = new Date(ms);
  return said.getUTCMonth() === month - 1 && said.getUTCDate() === day ? ms - SHIFT : null;
}

export function instantText(ms) {
  const text = fieldText(ms);
  return text.endsWith(":00") ? text.slice(0, 16) : text;
}

export function spanText([from, to]) {
  const [first, last] = [instantText(from), instantText(to)];
  return first.slice(0, 10) === last.slice(0, 10) ? `${first} – ${last.slice(11)}` : `${first} – ${last}`;
}

export function rounded(ms, msPerPixel) {
  const step = ROUND.filter((one) => one <= msPerPixel).at(-1) ?? SECOND;
  return Math.round((ms + SHIFT) / step) * step - SHIFT;
}

const MINUTE = 60_000;
const EVEN = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map((m) => m * MINUTE);
const CALENDAR = [1, 2, 3, 6, 12, 24, 60, 120];

// Ticks at least `room` pixels apart: {at, text, more}; `more` is the day or the year where it begins.
export function ticks([from, to], width, room, lang) {
  const least = ((to - from) / Math.max(1, width)) * room;
  const even = EVEN.find((step) => step >= least);
  if (even !== undefined) return steps(from, to, even, lang);
  return least <= 14 * DAY ? halves(from, to, lang) : months(from, to, least, lang);
}

// The 1st and the 15th of each month.
function halves(from, to, lang) {
  const begin = local(from);
  const found = [];
  let half = 2 * (begin.getUTCFullYear() * 12 + begin.getUTCMonth());
  for (let before = null; ; half += 1) {
    const month = half >> 1;
    const at = Date.UTC(Math.floor(month / 12), month % 12, half % 2 === 0 ? 1 : 15) - SHIFT;
    if (at > to) return found;
    if (at < from) continue;
    const year = yearText(at, lang);
    found.push({ at, text: dayText(at, lang), more: year === before ? "" : year });
    before = year;
  }
}

function steps(from, to, step, lang) {
  const origin = step === 10_080 * MINUTE ? 4 * DAY : 0; // weeks begin on Monday
  const found = [];
  let at = Math.ceil((from + SHIFT - origin) / step) * step + origin - SHIFT;
  for (let before = null; at <= to; at += step) {
    const day = step >= DAY;
    const more = day ? yearText(at, lang) : dayText(at, lang);
    found.push({ at, text: day ? dayText(at, lang) : local(at).toISOString().slice(11, 16), more: more === before ? "" : more });
    before = more;
  }
  return found;
}

function months(from, to, least, lang) {
  const step = CALENDAR.find((n) => n * 30.4 * DAY >= least) ?? CALENDAR.at(-1);
  const begin = local(from);
  const found = [];
  let month = Math.floor((begin.getUTCFullYear() * 12 + begin.getUTCMonth()) / step) * step;
  for (let before = null; ; month += step) {
    const at = Date.UTC(Math.floor(month / 12), month % 12, 1) - SHIFT;
    if (at > to) return found;
    if (at < from) continue;
    const year = yearText(at, lang);
    const name = month % 12;
    const text = step >= 12 ? year : lang === "zh" ? `${name + 1}月` : MONTHS[name];
    found.push({ at, text, more: step >= 12 || year === before ? "" : year });
    before = year;
  }
}

function dayText(ms, lang) {
  const day = local(ms);
  const [month, date] = [day.getUTCMonth(), day.getUTCDate()];
  return lang === "zh" ? `${month + 1}月${date}日` : `${date} ${MONTHS[month]}`;
}

function yearText(ms, lang) {
  const year = local(ms).getUTCFullYear();
  return lang === "zh" ? `${year}年` : `${year}`;
}

// Whole fen as yuan with thousands marks; no float comes near the sum.
export function moneyText(fen, currency) {
  const text = String(fen).padStart(3, "0");
  const [whole, rest] = [text.slice(0, -2), text.slice(-2)];
  const mark = currency === null || currency === "CNY" ? "¥" : `${currency} `;
  return `${mark}${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${rest}`;
}
