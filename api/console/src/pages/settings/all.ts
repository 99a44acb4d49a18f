// All pages of the settings in one file: together they are a fifth smaller than
// apart, and whoever opens one opens others.
export { default as Audit } from "./audit";
export { default as Keys } from "./keys";
export { default as Model } from "./model";
export { default as People } from "./people";
export { default as Profiles } from "./profiles";
export { default as Retention } from "./retention";
export { default as Webhooks } from "./webhooks";
export { default as Workspace } from "./workspace";
