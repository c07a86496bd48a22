import { initAll } from "../govuk/govuk-frontend.min.js";
import { keepBoardFresh } from "./board.js";
import { watchClock } from "./clock.js";
import { countDown } from "./due.js";

initAll();
countDown(document);
watchClock(document);
keepBoardFresh(document);
