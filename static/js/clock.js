// Asks the server every 15 seconds whether the automatic steps are on time.
// 90 seconds without an answer, and the page says that it does not know: it fails to red, by itself.

import { doubtEveryCountdown } from "./due.js";

const EVERY = 15 * 1000;
const TOO_LONG = 90 * 1000;

/** The template and the strip in an answer of the server; null when it is some other page, such as sign-in. */
function stripIn(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const strip = page.getElementById("cw-clock");
  return strip && { strip, unknown: page.getElementById("cw-clock-unknown") };
}

/** Only a change of state replaces the strip, so that a screen reader is told of changes and not of seconds. */
function take(root, fresh) {
  const now = root.getElementById("cw-clock");
  if (now.dataset.state === fresh.strip.dataset.state) {
    now.querySelector(".cw-clock__text").innerHTML = fresh.strip.querySelector(".cw-clock__text").innerHTML;
  } else {
    now.replaceWith(fresh.strip);
  }
  const template = root.getElementById("cw-clock-unknown");
  if (template && fresh.unknown) template.replaceWith(fresh.unknown);
  root.body.dataset.clock = fresh.strip.dataset.state;
  if (fresh.strip.dataset.state === "unknown") doubtEveryCountdown(root);
}

function turnUnknown(root) {
  const strip = root.getElementById("cw-clock");
  const template = root.getElementById("cw-clock-unknown");
  if (strip.dataset.state === "unknown" || !template) return;
  strip.className = "cw-clock cw-clock--unknown";
  strip.setAttribute("role", "alert");
  strip.dataset.state = "unknown";
  strip.querySelector(".govuk-width-container").replaceChildren(template.content.cloneNode(true));
  root.body.dataset.clock = "unknown";
  doubtEveryCountdown(root);
}

export function watchClock(root) {
  const strip = root.getElementById("cw-clock");
  if (!strip) return;
  root.body.dataset.clock = strip.dataset.state;
  let answered = Date.now();
  const url = strip.dataset.fragment;
  const ask = async () => {
    if (url) {
      try {
        const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" }, signal: AbortSignal.timeout(EVERY) });
        const fresh = answer.ok && stripIn(await answer.text());
        if (fresh) {
          answered = Date.now();
          take(root, fresh);
        }
      } catch {
        // No answer is an answer: the 90 seconds run on.
      }
    }
    if (Date.now() - answered >= TOO_LONG) turnUnknown(root);
  };
  setInterval(ask, EVERY);
  // A laptop that was closed wakes with old words on the screen: ask at once.
  root.addEventListener("visibilitychange", () => {
    if (!root.hidden) ask();
  });
}
