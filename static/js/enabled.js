// Runs before anything is drawn, so that hidden answers do not flash open.
// GOV.UK Frontend wants both classes before it starts; browsers without modules stay as without script.
if ("noModule" in HTMLScriptElement.prototype) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
}
