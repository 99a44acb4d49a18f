// What pages draw with. Each file says how. Charts are not here: a page that has
// one imports ./chart, so that the others need not load it.
export * from "./icon";
export * from "./button";
export * from "./field";
export * from "./states";
export * from "./toast";
export { Dialog, confirm, ask } from "./dialog";
export * from "./layout";
export * from "./table";
export * from "./diff";
export * from "./markdown";
export * from "./files";
