// The pages of those who watch what is learned, in one file.
import "./learning/words";
import "./pilots/words";
import "./jobs/words";
export { default as Learning } from "./learning/page";
export { default as Acceptance } from "./learning/acceptance";
export { default as Confidence } from "./learning/confidence";
export { default as Rankers } from "./learning/rankers";
export { default as Operators } from "./learning/operators";
export { default as Sources } from "./learning/sources";
export { default as Pilots } from "./pilots/page";
export { default as Jobs } from "./jobs/page";
