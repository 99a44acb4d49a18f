// The pages of those who are not signed in: sign-in, and what a link opens.
import { useEffect, useRef, useState } from "preact/hooks";
import { api, ApiError, withQuery } from "./api";
import { Brand, LookMenus } from "./brand";
import { asError, useAction } from "./live";
import { duration, time } from "./i18n";
import { place } from "./router";
import { useStore } from "./store";
import { ended, enter, lookAtLink, signIn, type LinkSeen, type Ways } from "./session";
import { t } from "./shell_words";
import { Button, errorOf, Form, Loading, Notice, sayError, TextField } from "./ui";

function Door({ title, lead, children }: { title: string; lead?: string; children: preact.ComponentChildren }) {
  useEffect(() => {
    document.title = title + " · Whetstone";
  }, [title]);
  return (
    <div class="door">
      <header class="door-head"><Brand /><LookMenus /></header>
      <main class="door-box">
        <h1>{title}</h1>
        {lead && <p class="lead">{lead}</p>}
        {children}
      </main>
      <div class="door-edge" aria-hidden="true" />
    </div>
  );
}

/** Too many tries: says when the next one counts. Everything else as it is. */
function sayWait(e: ApiError): string {
  if (e.status !== 429 || !e.wait) return sayError(e);
  return t("tooMany", { wait: duration(Math.ceil(e.wait / 60) * 60_000), at: time(Date.now() + e.wait * 1000 + 59_000) });
}

/** Why the provider's people are sent back. */
function sayProblem(problem: string): string {
  const key = "oidc_" + problem;
  const said = t.any(key);
  return said === key ? t("oidc_failed") : said;
}

// The page that stands in the address is come back to. Where somebody has just
// signed out, or may not come, the provider asks who it is: it would send the
// same person again.
function toProvider(another: boolean): string {
  return withQuery("/auth/oidc", { to: location.hash, prompt: another ? "login" : "" });
}

export function SignIn() {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [ways, setWays] = useState<Ways>({ password: true, oidc: false });
  const why = useStore(ended);
  const problem = useStore(place).query.get("problem");
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []); // also where the page was another before
  useEffect(() => {
    // Without an answer the password is offered, and signing in will say what is wrong.
    api.get<Ways>("/v1/session/ways").then(setWays, () => {});
  }, []);
  const go = useAction(() => signIn(email.trim(), password), true);
  const wrong = go.error?.kind === "unauthorized" ? t("wrong") : go.error && sayWait(go.error);
  return (
    <Door title={t("signIn")} lead={t("signInLead")}>
      {why && !problem && !go.error && <Notice tone={why === "expired" ? "warn" : "info"}>{t(why === "expired" ? "expired" : "signedOut")}</Notice>}
      {problem && !go.error && <Notice tone="bad">{sayProblem(problem)}</Notice>}
      {wrong && <Notice tone="bad">{wrong}</Notice>}
      {ways.oidc && <Button class="door-oidc" icon="key" href={toProvider(why === "signed_out" || problem === "forbidden" || problem === "unproven")}>{t("signInOidc")}</Button>}
      {ways.password && <Form onSubmit={go.run} label={t("signIn")}>
        <TextField label={t("email")} type="email" value={email} onInput={setEmail} autoComplete="username" required inputRef={first} />
        <TextField label={t("password")} type="password" value={password} onInput={setPassword} autoComplete="current-password" required />
        <Button kind="primary" type="submit" busy={go.busy}>{t("signIn")}</Button>
      </Form>}
      {ways.password && <p class="hint">{t("forgot")}</p>}
    </Door>
  );
}

/** #/enter/<token>: a one-time link, an invitation or a new password. */
export function Enter({ token }: { token: string }) {
  const [error, setError] = useState<ApiError | undefined>();
  const [link, setLink] = useState<LinkSeen | undefined>();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  useEffect(() => {
    lookAtLink(token).then(async (seen) => {
      if (seen.kind === "entrance") {
        await enter(token);
        return arrive();
      }
      setName(seen.name);
      setLink(seen);
    }).catch((e) => setError(asError(e)));
  }, [token]);
  const choose = useAction(async () => {
    await enter(token, { name: name.trim() || undefined, password });
    arrive();
  }, true);
  if (error) {
    const gone = ["not_found", "unauthorized", "conflict", "invalid"].includes(error.kind);
    return (
      <Door title={t(gone ? "linkBad" : "linkTitle")} lead={gone ? t("linkBadBody") : sayError(error)}>
        <Button kind="primary" href="#/">{t("signIn")}</Button>
      </Door>
    );
  }
  if (!link) return <Door title={t("linkTitle")}><Loading rows={2} /></Door>;
  const short = choose.error !== undefined && [...password].length < 10;
  return (
    <Door title={t("chooseTitle")} lead={t("chooseLead", { email: link.email })}>
      {choose.error && !short && <Notice tone="bad">{sayError(choose.error)}</Notice>}
      <Form onSubmit={choose.run} label={t("chooseTitle")}>
        <TextField label={t("name")} value={name} onInput={setName} hint={t("nameHint")} autoComplete="name" autoFocus optional error={errorOf(choose.error, "name")} />
        <TextField label={t("newPassword")} type="password" value={password} onInput={setPassword} hint={t("passwordHint")} autoComplete="new-password" required
          error={short ? t("passwordShort") : errorOf(choose.error, "password")} />
        <Button kind="primary" type="submit" busy={choose.busy}>{t("begin")}</Button>
      </Form>
    </Door>
  );
}

// The token leaves the address and the history, so that nobody reads it there.
function arrive() {
  history.replaceState(null, "", "#/");
  dispatchEvent(new HashChangeEvent("hashchange"));
}
