// What a connection does, in words.
import type { ConnectConfig, ConnectionView } from "../../api.gen";
import { dict, duration, number, time } from "../../i18n";

export const w = dict(
  EN && {
    hand: "by hand", hourly: "every hour", whenHourly: "Every hour", every: "every {what}", daily: "every day at {time}", whenHand: "When you press “Sync now”", whenEvery: "Every {what}", whenDaily: "Every day at {time}", whenOther: "At the times “{spec}” (UTC)",
    folder: "{when}, the files in {path} on the server are read: Markdown, HTML, PDF, DOCX, JSON Lines and CSV.", git: "{when}, the branch {branch} of {remote} is fetched into {path}, and the files there are read.", gitLocal: "{when}, the files of the Git work tree {path} on the server are read.", usual: "that the repository names",
    site: "{when}, the pages of {url} are read, found by the sitemap and by links{pages}. Menus and footers are left out.", pages: ", {n} at most", feed: "{when}, the release notes in {url} are read.", desk: "{when}, {what} are fetched from {system} at {url}.", both: "articles and solved tickets", articles: "articles", tickets: "solved tickets (as cases, without personal data)", nothing: "nothing yet: choose articles or tickets",
    then: "New pages become articles that replies may rest on at once{internal}. What is unchanged is left alone. What is gone there is deleted here; if that would be more than 30% at once, it stops before and asks you. What somebody has edited here is never written over: you decide.", internal: ", for operators only",
    token: "The secret itself is not stored here. Whoever runs the server puts it into the setting WHETSTONE_TOKEN_{name}.", missing: "Fill in the form, and it says here what will happen.",
  },
  RU && {
    hand: "вручную", hourly: "каждый час", whenHourly: "Каждый час", every: "каждые {what}", daily: "каждый день в {time}", whenHand: "Когда вы нажмёте «Обновить сейчас»", whenEvery: "Каждые {what}", whenDaily: "Каждый день в {time}", whenOther: "По расписанию «{spec}» (UTC)",
    folder: "{when} читаются файлы из {path} на сервере: Markdown, HTML, PDF, DOCX, JSON Lines и CSV.", git: "{when} ветка {branch} из {remote} загружается в {path}, и файлы оттуда читаются.", gitLocal: "{when} читаются файлы рабочего каталога Git {path} на сервере.", usual: "по выбору репозитория",
    site: "{when} читаются страницы {url}: по карте сайта и по ссылкам{pages}. Меню и подвалы отбрасываются.", pages: ", не больше {n}", feed: "{when} читаются заметки о выпусках из {url}.", desk: "{when} из {system} по адресу {url} берётся: {what}.", both: "статьи и решённые обращения", articles: "статьи", tickets: "решённые обращения (как случаи, без личных данных)", nothing: "пока ничего — выберите статьи или обращения",
    then: "Новые страницы становятся статьями, по которым сразу можно отвечать{internal}. Неизменённое не трогается. Исчезнувшее там удаляется здесь; если это больше 30\u00a0% сразу, синхронизация остановится и спросит. То, что правили здесь, не перезаписывается: решаете вы.", internal: ", но видны они только операторам",
    token: "Сам секрет здесь не хранится. Тот, кто ведёт сервер, задаёт его в настройке WHETSTONE_TOKEN_{name}.", missing: "Заполните форму, и здесь будет сказано, что произойдёт.",
  },
);

/** What it reads, in a line. */
export function reads(c: { kind: string; config: ConnectConfig }): string {
  const f = c.config;
  return c.kind === "folder" ? (f.path ?? "") : c.kind === "git" ? (f.remote || f.path || "") : c.kind === "desk" ? [f.system, f.url].filter(Boolean).join(" · ") : (f.url ?? "");
}

interface Times {
  every?: string;
  at?: string;
}

function times(spec: string): Times {
  const e = spec.match(/^@every (?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/);
  if (e) return { every: duration(((Number(e[1] ?? 0) * 60 + Number(e[2] ?? 0)) * 60 + Number(e[3] ?? 0)) * 1000) };
  const d = spec.match(/^(\d+) (\d+) \* \* \*$/);
  if (!d) return {};
  const at = new Date();
  at.setUTCHours(Number(d[2]), Number(d[1]), 0, 0);
  return { at: time(at) };
}

/** A timetable, for a cell. */
export function spoken(spec: string | undefined): string {
  if (!spec) return w("hand");
  if (spec === "@every 1h") return w("hourly");
  const { every, at } = times(spec);
  return every ? w("every", { what: every }) : at ? w("daily", { time: at }) : spec;
}

/** Everything that will happen, in sentences; "" while something needed is missing. */
export function happens(c: Pick<ConnectionView, "kind" | "config" | "spec">): string {
  const { kind, config: f, spec } = c;
  const { every, at } = times(spec ?? "");
  const when = !spec ? w("whenHand") : spec === "@every 1h" ? w("whenHourly") : every ? w("whenEvery", { what: every }) : at ? w("whenDaily", { time: at }) : w("whenOther", { spec });
  const first = (() => {
    const url = f.url ?? "";
    if (kind === "folder") return f.path ? w("folder", { when, path: f.path }) : "";
    if (kind === "git") return !f.path ? "" : f.remote ? w("git", { when, branch: f.branch || w("usual"), remote: f.remote, path: f.path }) : w("gitLocal", { when, path: f.path });
    if (!url) return "";
    if (kind === "site") return w("site", { when, url, pages: f.max_pages ? w("pages", { n: number(f.max_pages) }) : "" });
    if (kind === "feed") return w("feed", { when, url });
    const what = w(f.articles && f.tickets ? "both" : f.articles ? "articles" : f.tickets ? "tickets" : "nothing");
    return f.system ? w("desk", { when, what, system: f.system, url }) : "";
  })();
  return first && first + " " + w("then", { internal: f.audience === "internal" ? w("internal") : "" });
}
