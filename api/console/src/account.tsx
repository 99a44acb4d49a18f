// One's own account: the name that colleagues see, the password, and the end
// of sessions in other browsers.
import { useState } from "preact/hooks";
import { api } from "./api";
import { dict } from "./i18n";
import { useAction } from "./live";
import { session, signOut, type Session } from "./session";
import { Button, confirm, errorOf, Facts, Form, Notice, sayError, TextField, toast } from "./ui";
import { Dialog } from "./ui/dialog";
import { common, roles } from "./words";

const t = dict(
  EN && {
    title: "Your account", email: "E-mail", role: "Role", name: "Your name", nameHint: "As colleagues see it.", saved: "Saved", password: "Password", passwordLead: "A new one signs you out in all other browsers.",
    current: "Current password", next: "New password", nextHint: "At least 10 characters. A few words are better than a few signs.", short: "At least 10 characters.", wrong: "This is not your current password.", change: "Change the password", changed: "The password is changed; other browsers are signed out.",
    sessions: "Signed in elsewhere?", everywhere: "Sign out everywhere", sure: "Sign out everywhere?", sureBody: "Your sessions end in all browsers within five seconds, also in this one. What you typed and did not send stays in the browser where you typed it.",
  },
  RU && {
    title: "Ваш профиль", email: "Эл. почта", role: "Роль", name: "Ваше имя", nameHint: "Так его видят коллеги.", saved: "Сохранено", password: "Пароль", passwordLead: "С новым паролем вы выйдете во всех остальных браузерах.",
    current: "Нынешний пароль", next: "Новый пароль", nextHint: "Не меньше 10 знаков. Несколько слов лучше, чем несколько значков.", short: "Не меньше 10 знаков.", wrong: "Нынешний пароль другой.", change: "Сменить пароль", changed: "Пароль сменён; в остальных браузерах вы вышли.",
    sessions: "Вы вошли где-то ещё?", everywhere: "Выйти везде", sure: "Выйти везде?", sureBody: "Ваши сеансы закончатся во всех браузерах в течение пяти секунд, и в этом тоже. Введённое и неотправленное останется в том браузере, где вы его ввели.",
  },
);

export function Account({ who, onClose }: { who: Session; onClose(): void }) {
  const leave = useAction(async () => {
    if (await confirm({ title: t("sure"), body: t("sureBody"), action: t("everywhere"), danger: true })) await signOut(true);
  });
  return (
    <Dialog title={t("title")} shape="side" onClose={onClose}>
      <div class="account">
        <Facts items={[[t("email"), <bdi>{who.person.email}</bdi>], [t("role"), roles.any(who.person.role)]]} />
        <Name who={who} />
        <Password />
        <section>
          <h3>{t("sessions")}</h3>
          <Button icon="exit" busy={leave.busy} onClick={leave.run}>{t("everywhere")}</Button>
        </section>
      </div>
    </Dialog>
  );
}

function Name({ who }: { who: Session }) {
  const [name, setName] = useState(who.person.name);
  const save = useAction(async () => {
    session.set(await api.patch<Session>("/v1/session", { name: name.trim() }));
    toast(t("saved"));
  }, true);
  return (
    <Form onSubmit={save.run} label={t("name")}>
      <TextField label={t("name")} hint={t("nameHint")} value={name} onInput={setName} maxLength={200} autoComplete="name" error={save.error && (errorOf(save.error, "name") ?? sayError(save.error))} />
      {name.trim() !== who.person.name && <div><Button kind="primary" type="submit" busy={save.busy}>{common("save")}</Button></div>}
    </Form>
  );
}

function Password() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [tried, setTried] = useState(false);
  const short = [...next].length < 10;
  const change = useAction(async () => {
    setTried(true);
    if (short) return;
    session.set(await api.patch<Session>("/v1/session", { password: { ...(current && { current }), new: next } }));
    setCurrent("");
    setNext("");
    setTried(false);
    toast(t("changed"));
  }, true);
  const wrong = change.error?.kind === "forbidden";
  return (
    <Form onSubmit={change.run} label={t("password")}>
      <div><h3>{t("password")}</h3><p class="soft small-text">{t("passwordLead")}</p></div>
      {change.error && !wrong && <Notice tone="bad">{sayError(change.error)}</Notice>}
      <TextField label={t("current")} type="password" value={current} onInput={setCurrent} autoComplete="current-password" error={wrong ? t("wrong") : undefined} />
      <TextField label={t("next")} hint={t("nextHint")} type="password" value={next} onInput={setNext} autoComplete="new-password" required error={tried && short ? t("short") : undefined} />
      <div><Button type="submit" busy={change.busy} disabled={!next}>{t("change")}</Button></div>
    </Form>
  );
}
