// "Due in 47 min" goes on counting. Text only: what is counted is never read out, a change of state is.
// The sentences are those of casework/front/pages/words.py; a test compares the two.

const MINUTE = 60 * 1000;
const HOUR = 60 * MINUTE;
const SOON = HOUR;

/** How far this computer's clock is from the record's, in milliseconds. The record's is right. */
function skew(root) {
  const shown = Date.parse(root.body.dataset.now ?? "");
  return Number.isNaN(shown) ? 0 : shown - Date.now();
}

export function span(milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / MINUTE);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  if (days) return `${days} day${days === 1 ? "" : "s"}${hours ? ` ${hours} h` : ""}`;
  if (hours) return `${hours} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
  return `${minutes} min`;
}

export function dueWords(remaining) {
  if (remaining <= -MINUTE) return { state: "late", text: `Late by ${span(remaining)}` };
  if (remaining <= 0) return { state: "soon", text: "Due now" };
  const wholeMinutes = Math.ceil(remaining / MINUTE) * MINUTE; // 52 seconds left are still "in 1 min"
  return { state: remaining <= SOON ? "soon" : "later", text: `Due in ${span(wholeMinutes)}` };
}

function show(due, at) {
  const { state, text } = dueWords(Date.parse(due.dataset.dueAt) - at);
  const words = due.querySelector(".cw-due__n");
  if (words.textContent !== text) words.textContent = text;
  if (due.dataset.state === state) return;
  due.classList.remove("cw-due--late", "cw-due--soon", "cw-due--later");
  due.classList.add(`cw-due--${state}`);
  due.dataset.state = state;
  if (state === "late") announce(due, "A step is now late.");
}

export function announce(near, sentence) {
  near.ownerDocument.getElementById("cw-announce").textContent = sentence;
}

/** A countdown that nobody checks is a promise nobody keeps. */
function doubt(due) {
  if (due.dataset.state === "unknown") return;
  due.classList.remove("cw-due--soon", "cw-due--later");
  due.classList.add("cw-due--late");
  due.dataset.state = "unknown";
  due.querySelector(".cw-due__n").textContent = "Treat as overdue";
}

export function doubtEveryCountdown(root) {
  root.querySelectorAll("[data-due-at]").forEach(doubt);
}

export function countDown(root) {
  const offset = skew(root);
  const tick = () => {
    const at = Date.now() + offset;
    if (root.body.dataset.clock === "unknown") {
      doubtEveryCountdown(root); // rows that a board brought since are doubted too
    } else {
      for (const due of root.querySelectorAll("[data-due-at]")) show(due, at);
    }
    for (const since of root.querySelectorAll("[data-since]")) {
      since.textContent = span(at - Date.parse(since.dataset.since));
    }
  };
  setInterval(tick, 5000);
}
