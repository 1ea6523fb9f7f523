// The calendar: how much is due on each day of a month, and what on the day that was chosen.

import { ask, latest, query, remember } from "./api.js";
import { button, chip, fill, h, said } from "./dom.js";
import { find } from "./inbox.js";
import { day as written, month as titled, short, t, time, weekday } from "./words.js";

const LIMIT = 50;
const KINDS = { waiting: "accent", executed: "good", cancelled: "" };

/** Return the month so many months after another, as in 2026-12. */
function shifted(month, by) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

const following = (day) => new Date(Date.parse(`${day}T00:00:00Z`) + 864e5).toISOString().slice(0, 10);

export function calendar(root, asked) {
  const state = { month: asked.get("month") ?? "", day: asked.get("day") ?? "", offset: 0 };
  const name = h("h2", { "aria-live": "polite" });
  const grid = h("div", { class: "month" });
  const chosen = h("h2");
  const link = h("p");
  const list = h("ul", { class: "rows days" });
  const earlier = button(t("page.earlier"), () => page(-LIMIT));
  const later = button(t("page.later"), () => page(LIMIT));
  const pager = h("p", { class: "pager" }, earlier, later);
  const weekdays = Array.from({ length: 7 }, (_, at) => h("span", { class: "weekday" }, weekday(`2024-01-0${at + 1}`)));

  let today = "";
  const days = latest(() => ask(`calendar?${query({ month: state.month })}`), (found) => {
    state.month = found.month;
    name.textContent = titled(found.month);
    const before = (new Date(`${found.days[0].day}T00:00:00Z`).getUTCDay() + 6) % 7;
    grid.replaceChildren(...weekdays, ...Array.from({ length: before }, () => h("span")), ...found.days.map(cell));
  });
  const rows = latest(
    () => (state.day ? ask(`calendar/${state.day}?${query({ limit: LIMIT, offset: state.offset })}`) : { occurrences: [] }),
    (found) => {
      fill(list, found.occurrences, (item) => item.id, due);
      chosen.textContent = state.day ? written(state.day) : t("calendar.choose");
      link.replaceChildren(...(state.day ? [h("a", { href: find(`after:${state.day} before:${following(state.day)}`) }, t("calendar.messages"))] : []));
      pager.hidden = !found.next && !state.offset;
      earlier.disabled = !state.offset;
      later.disabled = !found.next;
    });

  function cell(item) {
    const counts = Object.keys(KINDS).filter((kind) => item[kind]);
    const label = [written(item.day), ...counts.map((kind) => `${item[kind]} ${t(`status.${kind}`)}`)].join(", ");
    return h("button", {
      type: "button", "data-row": true, id: `day-${item.day}`, "aria-label": label, "aria-pressed": String(item.day === state.day),
      class: item.day === today ? "today" : "", onclick: () => choose(item.day),
    }, h("span", { class: "date" }, Number(item.day.slice(8))), counts.map((kind) => chip(KINDS[kind], short(item[kind]))));
  }
  function choose(day) {
    Object.assign(state, { day, offset: 0 });
    remember("calendar", { month: state.month, day });
    for (const node of grid.querySelectorAll("button")) node.setAttribute("aria-pressed", node.id === `day-${day}`);
    rows();
  }
  function turn(month) {
    Object.assign(state, { month, day: "", offset: 0 });
    remember("calendar", { month });
    days();
    rows();
  }
  function page(by) {
    state.offset = Math.max(0, state.offset + by);
    rows();
  }

  const key = Object.entries(KINDS).map(([kind, colour]) => chip(colour, t(`status.${kind}`)));
  root.append(h("h1", {}, t("tab.calendar")),
    h("div", { class: "controls" }, button("‹", () => turn(shifted(state.month, -1)), { "aria-label": t("calendar.before"), id: "before" }), name,
      button("›", () => turn(shifted(state.month, 1)), { "aria-label": t("calendar.after"), id: "after" }), button(t("calendar.today"), () => turn("")), h("span", { class: "gap" }), key),
    grid, chosen, link, list, pager);
  return async (summary) => {
    today = summary.clock.now.slice(0, 10);
    const focused = document.activeElement?.id;
    await Promise.all([days(), rows()]);
    if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
  };
}

function due(item) {
  return h("li", {}, h("a", { class: "row", "data-row": true, href: `#tasks?id=${encodeURIComponent(item.task_id)}` },
    h("time", { datetime: item.at }, time(item.at)), chip(KINDS[item.status], t(`status.${item.status}`)),
    h("span", { class: "what" }, said(item.title, "title"), " ", said(item.task_name, "soft")), h("span", { class: "soft" }, t("targets", { n: item.targets }))));
}
