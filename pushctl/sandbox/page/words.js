// The words of the page in the reader's language, and how it writes days and times.

const ISO = /\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d/g;
const LANGUAGES = { en: "English", zh: "中文" };
let words = {};
export let language = "en";

export const languages = Object.entries(LANGUAGES);

/** Return what the reader chose earlier, or keep a choice; a browser that keeps nothing is no mistake. */
export function kept(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(name, value);
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export async function speak(wanted) {
  const asked = wanted ?? kept("language") ?? navigator.language.slice(0, 2);
  language = asked in LANGUAGES ? asked : "en";
  words = await (await fetch(`/_sandbox/page/${language}.json`)).json();
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = t("title");
}

/** Return words by their key; {name} in them stands for a value. */
export function t(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Return the words of a rule of the sandbox; one that this language has no words for stays as it is. */
export function ruled(text) {
  const dated = text.replace(ISO, (iso) => `${day(iso)} ${time(iso)}`);
  return words.rules.reduce((found, [from, to]) => found.replace(new RegExp(from), to), dated);
}

/** The same, for keys that the sandbox names: what has no words here is shown as it is. */
export const named = (group, name, otherwise = name) => words[`${group}.${name}`] ?? otherwise;

function dated(iso, facts) {
  const date = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { ...facts, timeZone: "UTC" }).format(date);
}

export const day = (iso) => dated(iso, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
export const month = (iso) => dated(`${iso.slice(0, 7)}-01`, { month: "long", year: "numeric" });
export const weekday = (iso) => dated(iso, { weekday: "short" });
export const time = (iso) => iso.slice(11, 19);
export const moment = (iso) => iso && `${dated(iso, { day: "numeric", month: "short" })} ${iso.slice(11, 19).replace(/:00$/, "")}`;
export const short = (value) => new Intl.NumberFormat(language, { notation: "compact" }).format(value);
export const number = (value) => new Intl.NumberFormat(language).format(value);
