// The pages of leads and admins, in one file. Their words come first: beside
// each other they compress better than among code.
import "./learning/words";
import "./pilots/words";
import "./jobs/words";
import "./settings/people_words";
import "./settings/profiles_words";
import "./settings/retention_words";
import "./settings/webhooks_words";
export { default as Learning } from "./learning/page";
export { default as Acceptance } from "./learning/acceptance";
export { default as Confidence } from "./learning/confidence";
export { default as Rankers } from "./learning/rankers";
export { default as Operators } from "./learning/operators";
export { default as Sources } from "./learning/sources";
export { default as Pilots } from "./pilots/page";
export { default as Jobs } from "./jobs/page";
export { default as People } from "./settings/people";
export { default as Keys } from "./settings/keys";
export { default as Workspace } from "./settings/workspace";
export { default as Profiles } from "./settings/profiles";
export { default as Model } from "./settings/model";
export { default as Webhooks } from "./settings/webhooks";
export { default as Retention } from "./settings/retention";
export { default as Audit } from "./settings/audit";
