// Questions that only some answers ask. GOV.UK's own script would set aria-expanded on the radio, which no
// radio may carry; here the revealed question simply stands next in the page when its answer is chosen.

function showRevealed(group) {
  for (const answer of group.querySelectorAll("[data-reveals]")) {
    const question = group.ownerDocument.getElementById(answer.dataset.reveals);
    question.classList.toggle(`${group.dataset.module}__conditional--hidden`, !answer.checked);
  }
}

export function revealAnswers(root) {
  for (const group of root.querySelectorAll('[data-module="govuk-radios"], [data-module="govuk-checkboxes"]')) {
    group.addEventListener("change", () => showRevealed(group));
    showRevealed(group);
  }
  // The browser may bring back answers of its own after "Back".
  addEventListener("pageshow", () => root.querySelectorAll("[data-module]").forEach(showRevealed));
}
