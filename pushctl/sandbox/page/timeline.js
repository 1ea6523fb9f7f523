// What waits next, the soonest first, beside what arrived, the latest first.

import { ask, latest } from "./api.js";
import { more, move } from "./clock.js";
import { button, chip, fill, h, said } from "./dom.js";
import { find, outcome, recipient } from "./inbox.js";
import { moment, number, ruled, t } from "./words.js";

const ARRIVED = 20;

export function timeline(root) {
  const counts = h("ul", { class: "counts" });
  const waits = h("ol", { class: "line waits" });
  const arrived = h("ol", { class: "line" });
  const nothing = h("p", { class: "lead" });
  const none = h("p", { class: "lead" });
  root.append(h("h1", {}, t("tab.timeline")), more(), counts, h("div", { class: "sides" },
    h("div", {}, h("h2", {}, t("timeline.next")), nothing, waits),
    h("div", {}, h("h2", {}, t("timeline.arrived")), none, arrived)));
  const messages = latest(() => ask(`inbox?limit=${ARRIVED}`), (found) => {
    fill(arrived, found.messages, (item) => item.id, came);
    none.textContent = found.messages.length ? "" : t("timeline.none");
  });
  return Object.assign(async (summary) => {
    const shown = ["waiting", "deliveries", "tasks", "requests", "faults"].map((name) => [name, summary.counters[name]]);
    fill(counts, shown, ([name]) => name, ([name, count]) => h("li", { class: name === "faults" && count ? "bad" : "" }, h("b", {}, number(count)), t(`count.${name}`)));
    fill(waits, summary.next, (item) => item.id, due);
    nothing.textContent = summary.next.length ? "" : t("timeline.nothing");
    await messages();
  }, { timed: true });
}

function due(item) {
  return h("li", {},
    h("time", { datetime: item.at }, moment(item.at)),
    h("p", {}, said(item.title, "title"), h("small", {}, said(item.task_name), " · ", t("targets", { n: item.targets }))),
    button(t("timeline.go"), () => move({ set: item.at }), { "data-row": true, class: "small" }));
}

function came(item) {
  return h("li", {},
    h("time", { datetime: item.at }, moment(item.at)),
    h("p", {}, said(item.title, "title"), h("small", {}, recipient(item), item.rule && [" · ", said(ruled(item.rule))])),
    h("a", { href: find(`task:${item.task_id}`), "data-row": true, class: "plain" }, outcome(item.outcome)));
}
