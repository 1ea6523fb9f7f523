// The calls that were made, what came back, and each as a command that makes it again.

import { ask, latest, notice, query } from "./api.js";
import { button, chip, fill, h, json, opening, pairs, said } from "./dom.js";
import { moment, t } from "./words.js";

const LIMIT = 50;
const KEY = { AccessKeyId: "test", Signature: "x", Format: "JSON" };

export function requests(root) {
  const state = { pages: [""], next: null };
  const opened = new Set();
  const list = h("ul", { class: "rows requests" });
  const none = h("p", { class: "lead" });
  const newer = button(t("page.newer"), () => turn(state.pages.slice(0, -1)));
  const older = button(t("page.older"), () => turn([...state.pages, state.next]));
  const refresh = latest(
    () => ask(`requests?${query({ before: state.pages.at(-1), limit: LIMIT })}`),
    ({ requests: found }) => {
      state.next = found.length === LIMIT ? found[0].id : null;
      fill(list, found.reverse(), (call) => call.id, (call) => opening(call.id, head(call), () => body(call), opened));
      none.textContent = found.length ? "" : t("requests.none", { url: location.origin });
      newer.disabled = state.pages.length === 1;
      older.disabled = !state.next;
    });
  function turn(pages) {
    state.pages = pages;
    refresh();
  }
  root.append(h("h1", {}, t("tab.requests")), none, list, h("p", { class: "pager" }, newer, older));
  return refresh;
}

function head(call) {
  const good = call.code === "OK" && call.status === 200;
  return [
    h("time", { datetime: call.at }, moment(call.at)),
    chip(good ? "good" : "bad", good ? call.status : refusal(call)),
    h("span", { class: "what" }, said(call.op ?? "—", "title"), " ", said(about(call.params ?? {}), "soft")),
    h("span", { class: "who" }, (call.faults ?? []).map((kind) => chip("bad", kind))),
  ];
}

/** Why a call went wrong: the code of the service, or what came back instead of an answer. */
const refusal = (call) => (call.code && call.code !== "OK" ? call.code : call.status ?? t("requests.dropped"));

/** What a call is about, in a few words. */
const about = (params) => [params.TaskName, params.Title ?? params.UniqueIds ?? params.UniqueId ?? params.MessageId].filter((value) => typeof value === "string").join(" · ");

function body(call) {
  const { params = {}, ...rest } = call;
  const rows = Object.entries(params).map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
  const again = call.op && !("truncated" in params) ? curl(call) : null;
  return [
    call.message && h("p", { class: "note" }, said(call.message)),
    call.detail && h("p", { class: "note" }, said(call.detail)),
    pairs(rows),
    again && h("details", {}, h("summary", {}, "curl"), button(t("requests.copy"), () => copy(again), { class: "small copy" }), h("pre", { tabindex: 0, class: "curl" }, said(again))),
    h("details", {}, h("summary", {}, t("requests.raw")), json({ ...rest, params })),
  ];
}

/** Write the call as a command, with a key of no value: the sandbox takes it, nobody else does. */
export function curl(call) {
  const fields = { Action: call.op, Version: call.version, ...KEY, ...call.params };
  const data = Object.entries(fields).map(([name, value]) => ` \\\n  --data-urlencode ${quoted(`${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)}`);
  return `curl -s ${quoted(`${location.origin}/`)}${data.join("")}`;
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    notice(t("requests.copied"));
  } catch {
    notice(t("requests.select"), "bad");
  }
}
