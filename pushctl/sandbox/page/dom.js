// Builds what the page shows. What comes from outside only ever becomes text, never markup.

/** Make an element: attributes, `on…` listeners, then content (text, nodes, arrays of them). */
export function h(name, facts = {}, ...content) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(facts)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...content.flat(3).filter((item) => item !== null && item !== undefined && item !== false));
  return node;
}

/** Text that somebody else wrote: its own direction of writing stays inside of it. */
export const said = (text, kind) => h("bdi", { class: kind }, text ?? "");

/** Show items in a list; an element stays in place, with focus and selection, while its item stays as it is. */
export function fill(list, items, key, draw) {
  const before = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const nodes = items.map((item) => {
    const there = before.get(String(key(item)));
    const text = JSON.stringify(item);
    if (there?.item === text) return there;
    const node = draw(item);
    node.item = text;
    node.dataset.key = key(item);
    node.focused = there?.contains(document.activeElement);
    return node;
  });
  nodes.forEach((node, at) => {
    if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
    if (node.focused) node.querySelector("[data-row]")?.focus({ preventScroll: true });
    node.focused = false;
  });
  while (list.children.length > nodes.length) list.lastChild.remove();
}

/** A row of a list that opens: `more` draws what is below it. `opened` is the set of keys that are open. */
export function opening(key, head, more, opened) {
  const below = h("div", { class: "more", id: `more-${key}` });
  const button = h("button", { class: "row", "data-row": true, type: "button", "aria-controls": below.id, onclick: toggle }, head);
  function show() {
    const open = opened.has(key);
    button.setAttribute("aria-expanded", open);
    below.hidden = !open;
    if (open && !below.firstChild) below.append(h("div", {}, more()));
    if (!open) below.replaceChildren();
  }
  function toggle() {
    if (!opened.delete(key)) opened.add(key);
    show();
  }
  show();
  return h("li", {}, button, below);
}

/** A table of names and values; values that are missing are left out. */
export function pairs(rows) {
  return h("dl", { class: "pairs" }, rows
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value instanceof Node ? value : said(value)))));
}

export const chip = (kind, text) => h("span", { class: `chip ${kind}` }, text);

export const json = (value) => h("pre", { tabindex: 0 }, said(JSON.stringify(value, null, 2)));

export function button(text, act, facts = {}) {
  return h("button", { type: "button", onclick: act, ...facts }, text);
}

/** A choice among [value, text]; `act` gets the value chosen. */
export function choice(label, options, chosen, act, facts = {}) {
  const list = h("select", { "aria-label": label, name: label, onchange: () => act(list.value), ...facts },
    options.map(([value, text]) => h("option", { value, selected: String(value) === String(chosen) }, text)));
  return list;
}
