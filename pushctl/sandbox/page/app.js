// The frame of the page: tabs, keys, languages, and one small question a second.

import { ask, notice } from "./api.js";
import { calendar } from "./calendar.js";
import { bar, next, show } from "./clock.js";
import { button, choice, h } from "./dom.js";
import { faults } from "./faults.js";
import { inbox } from "./inbox.js";
import { requests } from "./requests.js";
import { assumptions, quota } from "./settings.js";
import { tasks } from "./tasks.js";
import { timeline } from "./timeline.js";
import { kept, language, languages, number, speak, t } from "./words.js";

const VIEWS = { timeline, tasks, calendar, inbox, faults, requests, quota, assumptions };
const NAMES = Object.keys(VIEWS);
const LETTERS = { t: "timeline", k: "tasks", c: "calendar", i: "inbox", f: "faults", r: "requests", q: "quota", a: "assumptions" };
const COUNTED = { tasks: "waiting_tasks", inbox: "messages", faults: "faults" };
const THEMES = ["auto", "light", "dark"];
const SECOND = 1000;

const place = (id) => document.getElementById(id);
let refresh = async () => {};
let last = null;

// --- the views ------------------------------------------------------------------------------------

function open() {
  const [name, query] = location.hash.slice(1).split("?");
  const shown = NAMES.includes(name) ? name : "timeline";
  const root = h("section", { class: shown });
  place("main").replaceChildren(root);
  scrollTo(0, 0);
  refresh = VIEWS[shown](root, new URLSearchParams(query));
  for (const tab of place("tabs").children) {
    if (tab.dataset.view === shown) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  centre();
  if (last) look();
}

function centre() {
  place("tabs").querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "center" });
}

async function look() {
  try {
    await refresh(last);
  } catch (error) {
    notice(error.message, "bad");
  }
}

function count(counters) {
  for (const [view, name] of Object.entries(COUNTED)) {
    const badge = place("tabs").querySelector(`[data-view=${view}] .badge`);
    badge.textContent = counters[name] ? number(counters[name]) : "";
    badge.classList.toggle("bad", view === "faults");
  }
}

// --- looking again --------------------------------------------------------------------------------

async function poll() {
  let found;
  try {
    found = await ask("summary");
  } catch {
    document.body.classList.add("lost");
    notice(t("lost"), "bad");
    return;
  }
  if (document.body.classList.contains("lost")) notice(t("found"));
  document.body.classList.remove("lost");
  const before = last;
  last = found;
  show(found);
  count(found.counters);
  if (!before) centre();
  // While the clock runs, a message that waits arrives without anything being written.
  if (before?.revision !== found.revision || (refresh.timed && !found.clock.frozen)) await look();
  const arrived = before ? found.counters.messages - before.counters.messages : 0;
  if (arrived > 0) notice(t("arrived", { n: number(arrived) }), "good");
}

async function watch() {
  if (!document.hidden) await poll();
  setTimeout(watch, SECOND);
}

// --- keys -----------------------------------------------------------------------------------------

function step(by) {
  const rows = [...place("main").querySelectorAll("[data-row]")].filter((row) => row.getClientRects().length);
  const at = rows.indexOf(document.activeElement.closest?.("[data-row]"));
  const row = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  row?.focus();
  if (row?.hasAttribute("aria-pressed") && row.matches(".messages .row") && matchMedia("(min-width: 60rem)").matches) row.click();
}

function search() {
  const there = place("main").querySelector("input[type=search]");
  if (!there) location.hash = "inbox";
  setTimeout(() => place("main").querySelector("input[type=search]")?.focus());
}

let goes = false;

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("input, select, textarea")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const { key } = event;
  const view = goes ? LETTERS[key] : NAMES[key - 1];
  const keys = { j: () => step(1), k: () => step(-1), n: next, "/": search, "?": () => place("help").showModal() };
  const does = view ? () => { location.hash = view; } : goes ? null : keys[key];
  goes = key === "g" && !goes;
  if (!does) return;
  event.preventDefault();
  does();
}

// --- the frame ------------------------------------------------------------------------------------

function colours(theme) {
  kept("theme", theme);
  document.documentElement.dataset.theme = theme;
}

async function talk(wanted) {
  kept("language", wanted);
  await speak(wanted);
  frame();
}

function frame() {
  const theme = document.documentElement.dataset.theme;
  place("top").replaceChildren(
    h("p", { class: "brand" }, h("b", {}, t("title"))), bar(),
    h("p", { class: "buttons" },
      choice(t("theme"), THEMES.map((name) => [name, t(`theme.${name}`)]), theme, colours, { id: "theme" }),
      choice(t("language"), languages, language, talk, { id: "language" }),
      button("?", () => place("help").showModal(), { "aria-label": t("help"), id: "ask" })));
  place("tabs").setAttribute("aria-label", t("tabs"));
  place("tabs").replaceChildren(...NAMES.map((name, at) => h("a", { href: `#${name}`, "data-view": name, title: at + 1 }, t(`tab.${name}`), " ", h("span", { class: "badge" }))));
  const keys = [["1 – 8", t("key.tabs")], ...Object.entries(LETTERS).map(([letter, name]) => [`g ${letter}`, t(`tab.${name}`)]), ["j k", t("key.rows")], ["Enter", t("key.open")], ["/", t("key.search")], ["n", t("key.next")], ["?", t("key.help")], ["Esc", t("key.close")]];
  place("help").setAttribute("aria-label", t("help"));
  place("help").replaceChildren(h("h2", {}, t("help")), h("dl", { class: "pairs" }, keys.map(([key, text]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, text)))), button(t("close"), () => place("help").close()));
  if (last) {
    show(last);
    count(last.counters);
  }
  open();
}

colours(kept("theme") ?? "auto");
await speak();
frame();
addEventListener("hashchange", open);
addEventListener("keydown", press);
document.addEventListener("changed", poll);
watch();
