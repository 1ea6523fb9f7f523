// Tasks: what was scheduled, by whom, its occurrences, and cancelling by hand.

import { act, ask, latest, query, remember } from "./api.js";
import { button, chip, choice, fill, h, json, opening, pairs, said } from "./dom.js";
import { find } from "./inbox.js";
import { day, moment, named, number, t, time } from "./words.js";

const LIMIT = 25;
const OCCURRENCES = 100;
const KINDS = { waiting: "accent", executed: "good", cancelled: "" };

const waiting = (task) => task.occurrences.filter((item) => item.status === "waiting");
const status = (name) => chip(KINDS[name], t(`status.${name}`));

export function tasks(root, asked) {
  const state = { status: asked.get("status") ?? "", pages: [""], next: null };
  const opened = new Set([asked.get("id")]);
  const list = h("ul", { class: "rows tasks" });
  const none = h("p", { class: "lead" });
  const newer = button(t("page.newer"), () => turn(state.pages.slice(0, -1)));
  const older = button(t("page.older"), () => turn([...state.pages, state.next]));
  const refresh = latest(
    () => ask(`tasks?${query({ id: asked.get("id"), status: state.status, before: state.pages.at(-1), limit: LIMIT })}`),
    (found) => {
      state.next = found.next;
      fill(list, found.tasks, (task) => task.id, (task) => opening(task.id, head(task), () => body(task), opened));
      none.textContent = found.tasks.length ? "" : t("tasks.none");
      newer.disabled = state.pages.length === 1;
      older.disabled = !found.next;
    });
  function turn(pages) {
    state.pages = pages;
    refresh();
  }
  const kinds = [["", t("status.all")], ...Object.keys(KINDS).map((name) => [name, t(`status.${name}`)])];
  const filter = choice(t("tasks.filter"), kinds, state.status, (value) => {
    state.status = value;
    remember("tasks", { status: value });
    turn([""]);
  });
  root.append(h("h1", {}, t("tab.tasks")),
    h("p", { class: "controls" }, asked.get("id") ? h("a", { href: "#tasks" }, t("tasks.all")) : h("label", {}, t("tasks.filter"), " ", filter)),
    none, list, h("p", { class: "pager" }, newer, older));
  return refresh;
}

function head(task) {
  const next = waiting(task)[0];
  const counts = Object.keys(KINDS).map((name) => [name, task.occurrences.filter((item) => item.status === name).length]);
  const done = counts.filter(([, count]) => count).map(([name, count]) => `${number(count)} ${t(`status.${name}`)}`);
  return [
    status(task.status),
    h("span", { class: "what" }, said(task.title, "title"), " ", said(task.name, "soft")),
    h("span", { class: "who" }, named("strategy", task.strategy_type), " · ", t(`by.${task.created_by}`)),
    h("span", { class: "soft" }, next ? t("tasks.next", { at: moment(next.at) }) : done.join(", ")),
  ];
}

function body(task) {
  const place = h("div", {}, pairs([
    [t("field.task"), task.name],
    [t("field.id"), task.id],
    [t("field.title"), task.title],
    [t("field.content"), task.content],
    [t("field.app"), `${task.app} / ${task.workspace}`],
    [t("field.created"), `${day(task.created)} ${time(task.created)} · ${t(`by.${task.created_by}`)}`],
    [t("field.targets"), Object.keys(task.targets).join(", ")],
  ]));
  place.append(h("p", { class: "controls" },
    h("a", { href: find(`task:${task.id}`) }, t("tasks.messages")),
    waiting(task).length > 0 && button(t("tasks.cancel"), () => act(`tasks/${task.id}/cancel`), { class: "bad" })));
  const list = h("ul", { class: "rows occurrences" });
  const more = task.occurrences.length - OCCURRENCES;
  fill(list, task.occurrences.slice(0, OCCURRENCES), (item) => item.id, occurrence);
  place.append(h("h3", {}, t("tasks.occurrences")), list,
    h("p", { class: "lead" }, more > 0 && t("tasks.more", { n: number(more) })), h("details", {}, h("summary", {}, t("inbox.payload")), json(task.params)));
  return place;
}

function occurrence(item) {
  return h("li", {}, h("div", { class: "row" }, status(item.status), h("time", { datetime: item.at }, `${day(item.at)} ${time(item.at)}`),
    item.status === "waiting" && button(t("tasks.cancel_one"), () => act(`tasks/${item.id}/cancel`), { class: "small" })));
}
