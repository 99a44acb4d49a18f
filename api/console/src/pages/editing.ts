// The pages of those who keep what the helpdesk knows, in one file.
import "./sources/words";
import "./gaps/words";
import "./upkeep/words";
import "./knowledge/docwords";
import "./knowledge/words";
import "./try/words";
export { default as Connections } from "./sources/page";
export { default as Gaps } from "./gaps/page";
export { default as Upkeep } from "./upkeep/page";
export { default as Knowledge } from "./knowledge/page";
export { default as Try } from "./try/page";
