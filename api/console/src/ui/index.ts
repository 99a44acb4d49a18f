// What pages draw with. Each file says how.
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
export * from "./chart";
export * from "./files";
