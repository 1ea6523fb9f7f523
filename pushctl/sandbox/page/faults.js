// Faults: what can go wrong, what is switched on, and for which calls.

import { act, ask, latest } from "./api.js";
import { button, chip, fill, h, said } from "./dom.js";
import { named, t } from "./words.js";

const CODES = ["business-8011", "business-8012", "business-8014", "business-9000", "gateway-ServiceUnavailable", "gateway-InvalidVersion"];

export function faults(root) {
  const field = (name, facts) => h("input", { name, id: `fault-${name}`, ...facts });
  const op = field("op", { value: "*", list: "operations", size: 22 });
  const times = field("times", { type: "number", min: 1, value: 1 });
  const after = field("after", { type: "number", min: 0, value: 0 });
  const match = field("match", { size: 14 });
  const seconds = field("seconds", { type: "number", min: 0, step: "any" });
  const label = (name, input) => h("label", { for: input.id }, t(`fault.${name}`), input);
  const code = field("code", { list: "codes", size: 30, placeholder: CODES[0] });
  const codes = h("datalist", { id: "codes" }, CODES.map((name) => h("option", { value: name })));
  const operations = h("datalist", { id: "operations" });
  const rules = h("ul", { class: "rows rules" });
  const kinds = h("ul", { class: "rows kinds" });
  const none = h("p", { class: "lead" });
  const all = button(t("fault.clear"), () => act("faults", undefined, "DELETE"), { class: "bad" });

  function add(kind, effect) {
    const optional = (input, read = Number) => (input.value === "" ? undefined : read(input.value));
    const rule = { kind, effect, op: op.value || "*", times: optional(times), after: optional(after) };
    act("faults", { ...rule, match: optional(match, String), seconds: optional(seconds) });
  }
  function kind(item) {
    const words = named("kind", item.kind, item.meaning);
    return h("li", {}, h("div", { class: "row" },
      h("span", { class: "what" }, h("code", {}, item.kind), h("small", {}, said(words))),
      h("span", { class: "buttons" }, item.effects.map((effect) => button(item.effects.length > 1 ? t(`effect.${effect}`) : t("fault.on"), () => add(item.kind, effect), { class: "small", "data-row": true, "data-kind": item.kind })))));
  }
  function rule(item) {
    const left = item.times === null ? t("fault.always") : t("fault.left", { n: item.times });
    return h("li", {}, h("div", { class: "row" },
      chip(item.times === 0 ? "" : "bad", item.times === 0 ? t("fault.used") : t("fault.active")),
      h("span", { class: "what" }, h("code", {}, said(item.kind)), " ", said(item.op === "*" ? t("fault.every") : item.op, "soft"), item.match && [" ", said(item.match, "soft")]),
      h("span", { class: "soft" }, left, " · ", t("fault.hits", { n: item.hits })),
      button(t("fault.off"), () => act(`faults/${item.id}`, undefined, "DELETE"), { class: "small", "data-row": true })));
  }

  const load = latest(() => Promise.all([ask("faults"), ask("")]), ([found, index]) => {
    fill(rules, found.faults, (item) => item.id, rule);
    fill(kinds, index.fault_kinds, (item) => item.kind, kind);
    fill(operations, index.operations ?? [], (name) => name, (name) => h("option", { value: name }));
    none.textContent = found.faults.length ? "" : t("fault.none");
    all.hidden = !found.faults.length;
  });
  root.append(h("h1", {}, t("tab.faults")), none, rules, h("p", {}, all),
    h("h2", {}, t("fault.kinds")), h("p", { class: "lead" }, t("fault.how")),
    h("div", { class: "controls fields" }, label("op", op), label("times", times), label("after", after), label("match", match), label("seconds", seconds)), operations, kinds,
    h("div", { class: "controls fields" }, label("code", code), ["none", "done"].map((effect) => button(t(`effect.${effect}`), () => code.value && add(code.value, effect)))), codes);
  return load;
}
