// A board that refreshes itself without losing the reader's place.
// One that ends (`data-refresh-ends`) opens the page anew once the fresh board has no data-refresh any more.
// Markup: <section id="board" data-refresh="30"> and, anywhere, <span data-refresh-controls="board"></span>.

/** Where the reader is: which link or button of the board, by its address or name. */
function place(board) {
  const here = board.ownerDocument.activeElement;
  if (!board.contains(here)) return null;
  if (here.id) return `#${CSS.escape(here.id)}`;
  const link = here.getAttribute("href");
  return link ? `a[href="${CSS.escape(link)}"]` : null;
}

/** Never under somebody's hands: not while a field of the board has the focus. */
function isBeingUsed(board) {
  const here = board.ownerDocument.activeElement;
  return board.contains(here) && here.matches("input, select, textarea, button");
}

function opened(board) {
  return [...board.querySelectorAll("details[open][id]")].map((details) => details.id);
}

function replace(board, fresh) {
  const was = place(board);
  const open = opened(board);
  const [x, y] = [scrollX, scrollY];
  board.replaceChildren(...fresh.childNodes);
  for (const id of open) board.ownerDocument.getElementById(id)?.setAttribute("open", "");
  if (was) board.querySelector(was)?.focus({ preventScroll: true });
  scrollTo(x, y);
}

async function refresh(board) {
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(board.id);
  if (!fresh || isBeingUsed(board)) return;
  // What the board waited for has come, and the page around it has something else to offer.
  if (board.dataset.refreshEnds !== undefined && !fresh.dataset.refresh) location.reload();
  else replace(board, fresh);
}

function addPauseButton(board, toggle) {
  const button = board.ownerDocument.createElement("button");
  button.type = "button";
  button.className = "cw-link-button cw-noprint";
  button.textContent = "Pause updates";
  button.addEventListener("click", () => {
    button.textContent = toggle() ? "Resume updates" : "Pause updates";
  });
  board.ownerDocument.querySelector(`[data-refresh-controls="${board.id}"]`)?.append(button);
}

export function keepBoardFresh(root) {
  for (const board of root.querySelectorAll("[data-refresh][id]")) {
    let paused = false;
    addPauseButton(board, () => (paused = !paused));
    setInterval(() => {
      // A failed refresh leaves the old rows with their old "Updated" time; the clock strip raises the alarm.
      if (!paused && !root.hidden) refresh(board).catch(() => undefined);
    }, 1000 * Number(board.dataset.refresh));
  }
}
