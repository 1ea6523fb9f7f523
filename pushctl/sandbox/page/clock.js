// The clock above every view: what it shows, and the buttons that move it.

import { act } from "./api.js";
import { button, chip, choice, h } from "./dom.js";
import { day, t, time } from "./words.js";

const SPEEDS = [1, 60, 3600, 86400];
const HOUR = 3600;
let clock = null;
let seen = 0;
let wall = "";

export const move = (change) => act("clock", change);
export const next = () => move({ next: true });
const toggle = () => move({ freeze: !clock?.frozen });

/** Show what the sandbox last said; between two answers the page counts on by itself. */
export function show(summary) {
  clock = summary.clock;
  seen = performance.now();
  document.getElementById("zone").textContent = summary.zone;
  const state = clock.frozen ? t("clock.frozen") : t("clock.speed", { n: clock.speed });
  document.getElementById("state").replaceChildren(chip(clock.frozen ? "" : "good", state));
  document.getElementById("toggle").textContent = clock.frozen ? t("clock.run") : t("clock.freeze");
  document.getElementById("next").disabled = !summary.next.length;
  tick();
}

function tick() {
  if (clock === null) return;
  const ahead = ((performance.now() - seen) / 1000) * clock.speed;
  const [, sign, hours, minutes] = /([+-])(\d\d):(\d\d)$/.exec(clock.now);
  const offset = (sign === "-" ? -1 : 1) * (hours * 60 + Number(minutes)) * 60;
  const shown = new Date((clock.epoch + ahead + offset) * 1000).toISOString();
  wall = shown.slice(0, 19);
  document.getElementById("day").textContent = day(shown);
  document.getElementById("now").textContent = time(shown);
}
setInterval(tick, 250);

export function bar() {
  return h("div", { id: "clock", role: "group", "aria-label": t("clock") },
    h("p", { class: "face" }, h("span", { id: "day" }), h("b", { id: "now" }), h("span", { class: "where" }, h("small", { id: "zone" }), h("span", { id: "state" }))),
    h("p", { class: "buttons" },
      button(t("clock.run"), toggle, { id: "toggle" }),
      button(t("clock.hour"), () => move({ advance: HOUR }), { id: "hour" }),
      button(t("clock.day"), () => move({ advance: 24 * HOUR }), { id: "day1" }),
      button(t("clock.next"), next, { id: "next", class: "main", title: "n" })));
}

/** The rarer ways to move it. */
export function more() {
  const moment = h("input", { type: "datetime-local", name: "moment", step: 1, "aria-label": t("clock.set"), onfocus: () => { moment.value ||= wall; } });
  const set = (event) => {
    event.preventDefault();
    if (moment.value) move({ set: moment.value });
  };
  const speeds = [["", t("clock.at")], ...SPEEDS.map((speed) => [speed, t(`clock.x${speed}`)])];
  return h("form", { class: "controls", onsubmit: set },
    h("label", {}, t("clock.set"), " ", moment), h("button", {}, t("clock.go")),
    h("span", { class: "gap" }),
    h("label", {}, t("clock.runs"), " ", choice(t("clock.runs"), speeds, "", (speed) => speed && move({ speed: Number(speed) }), { id: "speed" })),
    button(t("clock.week"), () => move({ advance: 7 * 24 * HOUR })));
}
