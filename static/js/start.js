import { initAll } from "../govuk/govuk-frontend.min.js";
import { keepBoardFresh } from "./board.js";
import { watchClock } from "./clock.js";
import { countDown } from "./due.js";
import { hideInTime } from "./hide.js";
import { revealAnswers } from "./reveal.js";

initAll();
revealAnswers(document);
countDown(document);
watchClock(document);
keepBoardFresh(document);
hideInTime(document);
