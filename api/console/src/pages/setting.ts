// The settings, in one file.
import "./settings/people_words";
import "./settings/profiles_words";
import "./settings/retention_words";
import "./settings/webhooks_words";
export { default as People } from "./settings/people";
export { default as Keys } from "./settings/keys";
export { default as Workspace } from "./settings/workspace";
export { default as Profiles } from "./settings/profiles";
export { default as Model } from "./settings/model";
export { default as Webhooks } from "./settings/webhooks";
export { default as Retention } from "./settings/retention";
export { default as Audit } from "./settings/audit";
