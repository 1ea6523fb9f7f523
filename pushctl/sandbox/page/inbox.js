// The inbox: every message of every phone, what became of it, and what the phone shows.

import { ask, latest, query, remember } from "./api.js";
import { button, chip, fill, h, json, pairs, said } from "./dom.js";
import { day, moment, named, number, ruled, t, time } from "./words.js";

const LIMIT = 50;
const KINDS = {
  shown: "good", cut: "warn", rejected: "bad", capped: "bad", blocked: "bad",
  waiting: "accent", expired: "warn", revoked: "", "not-bound": "warn",
};
const SEARCHES = ["is:rejected", "is:waiting", "is:expired", "is:revoked"];
const WORDS = ["user:", "vendor:", "is:", "app:", "task:", "title:", "after:", "before:", "\"…\"", "-"];
const wide = matchMedia("(min-width: 60rem)");

export const outcome = (name) => chip(KINDS[name] ?? "", named("outcome", name));
export const find = (text) => `#inbox?${query({ q: text })}`;
const vendor = (message) => named("vendor", message.channel === "sms" ? "sms" : message.vendor ?? "none");

export function recipient(message) {
  return [said(message.user, "user"), (message.vendor || message.channel === "sms") && [" · ", vendor(message)]];
}

export function inbox(root, asked) {
  const state = { q: asked.get("q") ?? "", pages: [""], selected: null, messages: [], opened: false };
  const search = h("input", { type: "search", name: "q", value: state.q, placeholder: t("inbox.search"), "aria-label": t("inbox.search"), autocomplete: "off", spellcheck: "false" });
  const list = h("ul", { class: "rows messages" });
  const pane = h("aside", { class: "pane", "aria-label": t("inbox.phone") });
  const beside = h("div", { class: "beside" });
  const total = h("p", { class: "lead", role: "status" });
  const newer = button(t("page.newer"), () => turn(state.pages.slice(0, -1)));
  const older = button(t("page.older"), () => turn([...state.pages, state.next]));

  const load = latest(
    () => ask(`inbox?${query({ q: state.q, before: state.pages.at(-1), limit: LIMIT })}`),
    (found) => {
      state.messages = found.messages;
      state.next = found.next;
      if (!state.opened && wide.matches && found.messages.length) state.selected = found.messages[0].id;
      state.opened ||= found.messages.length > 0;
      total.textContent = found.total ? t("inbox.total", { n: number(found.total) }) : t(state.q ? "inbox.nothing" : "inbox.empty");
      newer.disabled = state.pages.length === 1;
      older.disabled = !found.next;
      show();
    });
  const refresh = async () => {
    try {
      await load();
    } catch (error) {
      total.textContent = error.message;
    }
  };

  function show() {
    pane.remove();
    fill(list, state.messages, (item) => item.id, (item) => row(item, select));
    for (const node of list.children) {
      node.firstChild.setAttribute("aria-pressed", node.dataset.key === String(state.selected));
    }
    const found = state.messages.find((item) => item.id === state.selected);
    if (!found) return;
    if (pane.item !== JSON.stringify(found)) pane.replaceChildren(...detail(found));
    pane.item = JSON.stringify(found);
    if (wide.matches) beside.append(pane);
    else list.querySelector(`[data-key="${found.id}"]`).append(pane);
  }
  function select(id) {
    state.selected = state.selected === id && !wide.matches ? null : id;
    show();
  }
  function look(text) {
    search.value = state.q = text;
    remember("inbox", { q: state.q });
    turn([""]);
  }
  function turn(pages) {
    Object.assign(state, { pages, opened: false, selected: null });
    refresh();
  }
  function add(word) {
    search.value = search.value.includes(word) ? search.value : `${search.value} ${word}`.trim();
    look(search.value);
  }

  const form = h("form", { class: "controls", role: "search", onsubmit: (event) => { event.preventDefault(); look(search.value); } },
    search, h("button", {}, t("inbox.find")),
    SEARCHES.map((word) => button(named("outcome", word.slice(3)), () => add(word), { class: "small" })),
    button(t("inbox.all"), () => look(""), { class: "small" }));
  search.addEventListener("search", () => search.value || look(""));
  wide.addEventListener("change", show);
  root.append(h("h1", {}, t("tab.inbox")), form, help(), total, h("div", { class: "split" }, list, beside), h("p", { class: "pager" }, newer, older));
  return Object.assign(refresh, { timed: true });
}

function help() {
  return h("details", {}, h("summary", {}, t("inbox.help")),
    h("dl", { class: "pairs" }, WORDS.map((word, at) => h("div", {}, h("dt", {}, h("code", {}, word)), h("dd", {}, t(`search.${at}`))))));
}

function row(message, select) {
  return h("li", {}, h("button", { type: "button", class: "row", "data-row": true, onclick: () => select(message.id) },
    h("time", { datetime: message.at }, moment(message.at)),
    outcome(message.outcome),
    h("span", { class: "who" }, recipient(message)),
    h("span", { class: "what" }, said(message.title, "title"), " ", said(message.content, "soft"))));
}

function detail(message) {
  return [
    phone(message),
    h("p", { class: "verdict" }, outcome(message.outcome), " ", said(ruled(message.rule ?? "") || named("why", message.outcome, ""))),
    pairs([
      [t("field.user"), message.user],
      [t("field.device"), [message.device, message.system].filter(Boolean).join(" · ")],
      [t("field.at"), `${day(message.at)} ${time(message.at)}`],
      [t("field.until"), message.until && `${day(message.until)} ${time(message.until)}`],
      [t("field.title_sent"), message.title_sent],
      [t("field.content_sent"), message.content_sent],
      [t("field.segments"), message.segments],
      [t("field.task"), h("a", { href: `#tasks?id=${encodeURIComponent(message.task_id)}` }, said(message.task_name || message.task_id))],
      [t("field.app"), `${message.app} / ${message.workspace}`],
      [t("field.key"), message.message_key],
    ]),
    h("details", {}, h("summary", {}, t("inbox.payload")), json(message.payload)),
  ];
}

const SEEN = { shown: "", cut: "", waiting: "later", "not-bound": "later" };

function phone(message) {
  const sms = message.channel === "sms";
  const seen = SEEN[message.outcome] ?? "never";
  const hour = message.at.slice(11, 16);
  const lock = message.vendor === "ios"
    ? h("p", { class: "lock" }, h("span", {}, day(message.at)), h("b", {}, hour))
    : h("p", { class: "bar" }, hour);
  const card = h("div", { class: `card ${seen}` },
    h("p", { class: "app" }, h("i", { class: "icon" }), h("span", {}, sms ? "SMS" : said(message.app))),
    h("p", { class: "t" }, said(message.title)), h("p", { class: "b" }, said(message.content)));
  return h("figure", { class: `phone ${sms ? "sms" : message.vendor ?? "none"}` }, h("figcaption", {}, vendor(message)), h("div", { class: "screen" }, lock, card));
}
