// What is shown for a minute goes after that minute, and when the page is left: going back does not bring it.

export function hideInTime(root) {
  for (const shown of root.querySelectorAll("[data-hide-after]")) {
    const hide = () => {
      shown.textContent = "Hidden again.";
    };
    setTimeout(hide, Number(shown.dataset.hideAfter) * 1000);
    addEventListener("pagehide", hide);
  }
}
