// Asks the control API of the sandbox that serves this page.

/** Return what a page says; with a body it is told something. Throws an Error that says why not. */
export async function ask(page, body, method = body === undefined ? "GET" : "POST") {
  const answer = await fetch(`/_sandbox/${page}`, { method, body: body && JSON.stringify(body) });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error ?? found.Message ?? answer.statusText);
  return found;
}

/** Change something, say so if it was refused, and have the page look again. */
export async function act(page, body = {}, method = "POST") {
  try {
    return await ask(page, method === "DELETE" ? undefined : body, method);
  } catch (error) {
    notice(error.message, "bad");
    return null;
  } finally {
    document.dispatchEvent(new Event("changed"));
  }
}

let hiding = 0;

/** Say something for a few seconds, to eyes and to screen readers. */
export function notice(text, kind = "") {
  const place = document.getElementById("notice");
  place.textContent = text;
  place.className = `shown ${kind}`;
  clearTimeout(hiding);
  hiding = setTimeout(() => { place.className = place.textContent = ""; }, 5000);
}

/** Return a function that loads and shows; an answer that a later question overtook is dropped. */
export function latest(load, show) {
  let turn = 0;
  return async (...facts) => {
    const mine = ++turn;
    const found = await load(...facts);
    if (mine === turn) show(found);
  };
}

/** Write a query; what is empty is left out. */
export function query(fields) {
  return new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== "" && value !== null && value !== undefined)).toString();
}

/** Put the state of a view into the address, so that it can be kept and sent. */
export function remember(view, fields) {
  const text = query(fields);
  history.replaceState(null, "", `#${view}${text && `?${text}`}`);
}
