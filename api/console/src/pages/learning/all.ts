// All pages of learning in one file, as those of the settings are: whoever opens
// one opens others, and most of what they load is what they share.
export { default as Acceptance } from "./acceptance";
export { default as Confidence } from "./confidence";
export { default as Learning } from "./page";
export { default as Operators } from "./operators";
export { default as Rankers } from "./rankers";
export { default as Sources } from "./sources";
