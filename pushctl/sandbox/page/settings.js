// How full the quota is, and what the sandbox assumes about the real service.

import { act, ask, latest } from "./api.js";
import { choice, chip, fill, h, said } from "./dom.js";
import { number, t } from "./words.js";

export function quota(root) {
  const list = h("ul", { class: "rows quota" });
  const about = h("p", { class: "lead" });
  root.append(h("h1", {}, t("tab.quota")), about, list);
  return latest(() => ask("quota"), (found) => {
    about.textContent = t(`quota.${found.counts}`, { n: number(found.limit) });
    fill(list, found.apps, (item) => `${item.app}/${item.workspace}`, (item) => h("li", {}, h("div", { class: "row" },
      h("span", { class: "what" }, said(item.app, "title"), " / ", said(item.workspace)),
      h("meter", { min: 0, max: Math.max(found.limit, 1), high: found.limit * 0.8, optimum: 0, value: item.used, "aria-label": t("tab.quota") }),
      h("b", {}, t("quota.used", { n: number(item.used), of: number(found.limit) })),
      h("span", { class: "soft" }, t("quota.holds", { tasks: number(item.tasks), occurrences: number(item.occurrences) })))));
  });
}

export function assumptions(root) {
  const knobs = h("ul", { class: "rows knobs" });
  const fixed = h("ul", { class: "rows knobs" });
  root.append(h("h1", {}, t("tab.assumptions")), h("p", { class: "lead" }, t("assume.about")), knobs, h("h2", {}, t("assume.fixed")), fixed);
  return latest(() => ask("assumptions"), ({ assumptions: found }) => {
    fill(knobs, found.filter((item) => item.knob), (item) => item.knob, knob);
    fill(fixed, found.filter((item) => !item.knob), (item) => item.topic, (item) => h("li", {}, h("div", { class: "row" }, about(item, item.assumed))));
  });
}

/** What is assumed is written in English, whatever the language of the page. */
const about = (item, meaning) => h("span", { class: "what" }, h("code", {}, item.topic), h("small", { lang: "en" }, said(meaning)), h("small", {}, t("assume.verify"), " ", h("span", { lang: "en" }, said(item.verify))));

function knob(item) {
  const set = (value) => act("knobs", { [item.knob]: value });
  const value = item.choices.length
    ? choice(item.knob, item.choices.map((name) => [name, name]), item.now, set, { "data-row": true })
    : h("input", { name: item.knob, value: item.now, "aria-label": item.knob, "data-row": true, size: 12, onchange: (event) => set(event.target.value) });
  const changed = item.now !== item.assumed;
  return h("li", {}, h("div", { class: "row" }, about(item, item.meaning),
    h("span", { class: "buttons" }, changed && chip("warn", t("assume.changed", { from: item.assumed })), value)));
}
