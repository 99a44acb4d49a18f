// What a page shows instead of its content: loading, empty, error, offline, no
// permission, no such thing.
//
//   <Loaded of={live} empty={(d) => d.jobs.length === 0 && <Empty icon="clock" title={t("none")} />}>
//     {(d) => …}
//   </Loaded>
//
// as says in which shape it waits, rows how much of it.
import type { ComponentChildren } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { retries, type ApiError } from "../api";
import { lang } from "../i18n";
import type { Live } from "../live";
import { session } from "../session";
import { common, roles } from "../words";
import { Button } from "./button";
import { Icon, type IconName } from "./icon";
import { Back } from "./layout";

interface StateProps {
  /** Which of the states it is, for styles and tests. */
  kind?: "empty" | "error" | "busy" | "offline" | "forbidden" | "missing";
  icon: IconName;
  title: string;
  children?: ComponentChildren;
  action?: ComponentChildren;
  tone?: "warn";
  /** It is the whole page, not a part of one: its title is the page's. */
  whole?: boolean;
}

export function State({ kind, icon, title, children, action, tone, whole }: StateProps) {
  return (
    <div class={`state${tone ? " " + tone : ""}`} data-state={kind} role={kind === "error" || kind === "busy" || kind === "offline" ? "alert" : undefined}>
      <span class="state-icon"><Icon name={icon} size={26} /></span>
      {whole ? <h1 tabIndex={-1}>{title}</h1> : <h2>{title}</h2>}
      {children && <div class="state-text">{children}</div>}
      {action && <div class="state-action">{action}</div>}
    </div>
  );
}

/** Nothing here yet: say why, and what to do so that there is. */
export function Empty(p: Partial<StateProps>) {
  return <State kind="empty" {...p} icon={p.icon ?? "inbox"} title={p.title ?? common("emptyTitle")}>{p.children}</State>;
}

/** What comes, roughly: rows of a table, fields of a form, figures above a chart, panes beside each other, or text. */
export type Shape = "rows" | "form" | "figures" | "panes" | "text";

/** A bar as long as something to come: w is a hundredth of the place for it. */
const Bone = ({ w, kind }: { w: number; kind?: "box" | "title" | "chart" }) => <span class={`bone${kind ? " bone-" + kind : ""}`} style={{ "--w": w + "%" }} />;

const lengths = [62, 44, 71, 53, 38, 66, 49, 58];
const lengthOf = (i: number) => lengths[i % lengths.length]!;

const shapes: Record<Shape, (rows: number) => ComponentChildren> = {
  rows: (n) => <div class="bones-list">{Array.from({ length: n }, (_, i) => <div><div><Bone w={lengthOf(i)} /><Bone w={lengthOf(i + 3) * .6} /></div><Bone w={70} /><Bone w={50} /></div>)}</div>,
  form: (n) => <div class="bones-form">{Array.from({ length: Math.min(n, 4) }, (_, i) => <div><Bone w={lengthOf(i) * .4} /><Bone w={100} kind="box" /></div>)}</div>,
  figures: () => <><div class="bones-figures">{[0, 1, 2, 3].map((i) => <div><Bone w={60} /><Bone w={38} kind="title" /></div>)}</div><Bone w={100} kind="chart" /></>,
  panes: () => <div class="bones-panes">{[6, 9, 5].map((n) => <div><Bone w={34} kind="title" />{Array.from({ length: n }, (_, i) => <Bone w={lengthOf(i) + 25} />)}</div>)}</div>,
  text: (n) => <div class="bones-text">{Array.from({ length: n }, (_, i) => <Bone w={lengthOf(i) + 25} />)}</div>,
};

/** The shape of the content where it will be; shown only if it takes longer than a blink. */
export function Loading({ rows = 5, as = "text" }: { rows?: number; as?: Shape }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class={`loading as-${as}`} role="status">
      <span class="hidden">{common("loading")}</span>
      {late && shapes[as](rows)}
    </div>
  );
}

/** Tries again, and is busy until that has ended. */
function Retry({ run, small }: { run: () => unknown; small?: boolean }) {
  const [busy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    await run();
    setBusy(false);
    retries.set(retries.get() + 1);
  };
  return <Button icon="refresh" small={small} busy={busy} onClick={press}>{common("retry")}</Button>;
}

export function Forbidden({ whole }: { whole?: boolean }) {
  const role = session.get()?.person.role;
  return (
    <State kind="forbidden" icon="lock" whole={whole} title={common(whole ? "forbiddenTitle" : "forbiddenPart")} action={whole && <Button href="#/">{common("toStart")}</Button>}>
      {role && common("forbiddenBody", { role: roles.any(role) })}
    </State>
  );
}

export function Offline({ retry }: { retry?: () => unknown }) {
  return <State kind="offline" icon="cloudOff" title={common("offlineTitle")} action={retry && <Retry run={retry} />}>{common("offlineBody")}</State>;
}

/** There is no such thing; leads back to where the page was come from. */
export function NotFound({ whole, title, children }: Partial<StateProps>) {
  const back = useContext(Back);
  return (
    <State kind="missing" icon="search" whole={whole} title={title ?? common("notFoundTitle")} action={<Button href={back?.href ?? "#/"} icon="left">{back?.label ?? common("toStart")}</Button>}>
      {children ?? common("notFoundBody")}
    </State>
  );
}

/** What went wrong, in the way that fits it. */
export function Failure({ error, retry }: { error: ApiError; retry?: () => unknown }) {
  if (error.kind === "offline") return <Offline retry={retry} />;
  if (error.kind === "forbidden") return <Forbidden />;
  if (error.kind === "not_found") return <NotFound />;
  const busy = error.kind === "busy";
  return (
    <State kind={busy ? "busy" : "error"} icon="warn" tone="warn" title={common(busy ? "busyTitle" : "errorTitle")} action={retry && <Retry run={retry} />}>
      {sayError(error)}
    </State>
  );
}

/** An error in a sentence. */
export function sayError(e: ApiError): string {
  if (e.kind === "offline") return common("offlineTitle");
  if (e.kind === "not_found") return common("notFoundBody");
  const foreign = (text: string) => RU && lang.get() === "ru" && !/[а-яё]/i.test(text);
  const fields = e.fields.map((f) => (f.where && !/[а-яё]/i.test(f.message) ? f.where + ": " : "") + f.message).join("; ");
  const text = (fields || e.detail).replace(/^(invalid|conflict|forbidden|unauthorized|newer message|malformed request|too many tries): /, "");
  if (text && !foreign(text)) return text.replace(/^./, (c) => c.toUpperCase());
  if (e.kind === "conflict") return common("conflict");
  if (e.kind === "forbidden") return common("forbiddenHere");
  return common(e.kind === "busy" ? "busyBody" : e.kind !== "broken" ? "errorTitle" : e.status < 400 && e.status > 0 ? "brokenStream" : "brokenBody");
}

/** Draws a live value, or why there is none. What was read before stays in sight while it is read again. */
export function Loaded<T>({ of, children, empty, rows, as }: { of: Live<T>; children: (data: T) => ComponentChildren; empty?: (data: T) => ComponentChildren; rows?: number; as?: Shape }) {
  if (of.data === undefined) {
    if (of.error) return <Failure error={of.error} retry={of.reload} />;
    return <Loading rows={rows} as={as} />;
  }
  const nothing = empty?.(of.data);
  return (
    <>
      {of.error && <Notice tone="warn" action={<Retry small run={of.reload} />}>{sayError(of.error)}</Notice>}
      {nothing || children(of.data)}
    </>
  );
}

/** A line that says something about what is below it. */
export function Notice({ tone = "info", children, action }: { tone?: "info" | "good" | "warn" | "bad"; children: ComponentChildren; action?: ComponentChildren }) {
  return (
    <div class={`notice ${tone}`} role={tone === "bad" || tone === "warn" ? "alert" : "status"}>
      <Icon name={tone === "good" ? "check" : tone === "info" ? "info" : "warn"} />
      <div class="notice-text">{children}</div>
      {action}
    </div>
  );
}
