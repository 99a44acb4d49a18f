// The other pages of editors, in one file.
import "./sources/words";
import "./gaps/words";
import "./upkeep/words";
export { default as Connections } from "./sources/page";
export { default as Gaps } from "./gaps/page";
export { default as Upkeep } from "./upkeep/page";
