// What the helpdesk knows and what it would answer, in one file.
import "./knowledge/docwords";
import "./knowledge/words";
import "./try/words";
export { default as Knowledge } from "./knowledge/page";
export { default as Try } from "./try/page";
