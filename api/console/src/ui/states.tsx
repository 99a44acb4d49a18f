// What a page shows instead of its content: loading, empty, error, offline, no
// permission, no such thing.
//
//   <Loaded of={live} empty={(d) => d.jobs.length === 0 && <Empty icon="clock" title={t("none")} />}>
//     {(d) => …}
//   </Loaded>
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../api";
import { lang } from "../i18n";
import type { Live } from "../live";
import { session } from "../session";
import { common, roles } from "../words";
import { Button } from "./button";
import { Icon, type IconName } from "./icon";

interface StateProps {
  icon: IconName;
  title: string;
  children?: ComponentChildren;
  action?: ComponentChildren;
  tone?: "warn";
  /** It is the whole page, not a part of one: its title is the page's. */
  whole?: boolean;
}

export function State({ icon, title, children, action, tone, whole }: StateProps) {
  return (
    <div class={`state${tone ? " " + tone : ""}`}>
      <span class="state-icon"><Icon name={icon} size={26} /></span>
      {whole ? <h1 tabIndex={-1}>{title}</h1> : <h2>{title}</h2>}
      {children && <div class="state-text">{children}</div>}
      {action && <div class="state-action">{action}</div>}
    </div>
  );
}

/** Nothing here yet: say why, and what to do so that there is. */
export function Empty(p: Partial<StateProps>) {
  return <State {...p} icon={p.icon ?? "inbox"} title={p.title ?? common("emptyTitle")}>{p.children}</State>;
}

/** Grey lines where the content will be; shown only if it takes longer than a blink. */
export function Loading({ rows = 5 }: { rows?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="loading" role="status">
      <span class="hidden">{common("loading")}</span>
      {late && Array.from({ length: rows }, (_, i) => <span class={`bone bone-${i % 3}`} />)}
    </div>
  );
}

export function Forbidden({ whole }: { whole?: boolean }) {
  const role = session.get()?.person.role;
  return (
    <State icon="lock" whole={whole} title={common("forbiddenTitle")} action={<Button href="#/">{common("toStart")}</Button>}>
      {role ? common("forbiddenBody", { role: roles.any(role) }) : common("forbiddenHere")}
    </State>
  );
}

export function Offline({ retry }: { retry?: () => unknown }) {
  return <State icon="cloudOff" title={common("offlineTitle")} action={retry && <Button icon="refresh" onClick={retry}>{common("retry")}</Button>}>{common("offlineBody")}</State>;
}

export function NotFound({ whole }: { whole?: boolean }) {
  return <State icon="search" whole={whole} title={common("notFoundTitle")} action={<Button href="#/">{common("toStart")}</Button>}>{common("notFoundBody")}</State>;
}

/** What went wrong, in the way that fits it. */
export function Failure({ error, retry }: { error: ApiError; retry?: () => unknown }) {
  if (error.kind === "offline") return <Offline retry={retry} />;
  if (error.kind === "forbidden") return <Forbidden />;
  if (error.kind === "not_found") return <NotFound />;
  return (
    <State icon="warn" tone="warn" title={common(error.kind === "busy" ? "busyTitle" : "errorTitle")} action={retry && <Button icon="refresh" onClick={retry}>{common("retry")}</Button>}>
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
  return common(e.kind === "busy" ? "busyTitle" : e.kind === "broken" && e.status < 400 && e.status > 0 ? "brokenStream" : "errorTitle");
}

/** Draws a live value, or why there is none. What was read before stays in sight while it is read again. */
export function Loaded<T>({ of, children, empty, rows }: { of: Live<T>; children: (data: T) => ComponentChildren; empty?: (data: T) => ComponentChildren; rows?: number }) {
  if (of.data === undefined) {
    if (of.error) return <Failure error={of.error} retry={of.reload} />;
    return <Loading rows={rows} />;
  }
  const nothing = empty?.(of.data);
  return (
    <>
      {of.error && <Notice tone="warn" action={<Button small onClick={of.reload}>{common("retry")}</Button>}>{sayError(of.error)}</Notice>}
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
