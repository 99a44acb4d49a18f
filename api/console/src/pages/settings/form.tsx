// Forms of the settings: what is typed survives whatever happens to the page,
// and of two who save the same at once the second sees what the first has
// written, with their own beside it.
//
//   const form = useForm("learning", initial);
//   const save = useAction(async () => {
//     if (await saveOver(live, "/v1/settings", (base) => ({ … }), fieldsOf)) form.discard(); else setMet(true);
//   });
//   {met && <Met form={form} labels={…} />}
import { useMemo } from "preact/hooks";
import { api, ApiError } from "../../api";
import { useDraft } from "../../draft";
import { dict } from "../../i18n";
import type { Live } from "../../live";
import { Button, Notice } from "../../ui";
import { common } from "../../words";

const t = dict(
  EN && {
    met: "Somebody else has saved this in the meantime, so yours was not. Their changes are in the form now, and what you typed is kept: look it over and save again.",
    clash: "You have both changed this. Saving writes yours over theirs.", field: "Field", theirs: "Theirs", yours: "Yours", take: "Take theirs",
  },
  RU && {
    met: "Тем временем это сохранил кто-то другой, поэтому ваше не записано. Чужие изменения уже в форме, введённое вами на месте: проверьте и сохраните ещё раз.",
    clash: "Это изменили вы оба. Если сохранить, ваше заменит чужое.", field: "Поле", theirs: "Чужое", yours: "Ваше", take: "Взять чужое",
  },
);

export interface Kept<T> {
  value: T;
  set(part: Partial<T>): void;
  /** It differs from what the server has. */
  dirty: boolean;
  at: number;
  /** What was typed in place of something that is no longer there: somebody else has changed it since. */
  clashes: (keyof T & string)[];
  /** What the server has. */
  theirs: T;
  discard(): void;
}

/** What was typed, with what stood there then. */
interface Typed<T> {
  is: Partial<T>;
  was: Partial<T>;
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function typed<T>(text: string): Typed<T> {
  try {
    const read = JSON.parse(text) as Partial<Typed<T>>;
    if (read.is && read.was) return { is: read.is, was: read.was };
  } catch {
    // Nothing was typed.
  }
  return { is: {}, was: {} };
}

/** A form whose fields survive whatever happens to the page. Fields that were not touched follow the server. */
export function useForm<T extends object>(subject: string, initial: T): Kept<T> {
  const draft = useDraft("settings/" + subject);
  const { is, was } = useMemo(() => typed<T>(draft.text), [draft.text]);
  const value = useMemo(() => ({ ...initial, ...is }), [is, initial]);
  const touched = Object.keys(is) as (keyof T & string)[];
  return {
    value, at: draft.at, discard: draft.discard, theirs: initial, dirty: touched.some((k) => !same(is[k], initial[k])),
    clashes: touched.filter((k) => !same(was[k], initial[k]) && !same(is[k], initial[k])),
    set(part) {
      const next: Typed<T> = { is: { ...is, ...part }, was: { ...was } };
      for (const k of Object.keys(next.is) as (keyof T & string)[]) {
        if (same(next.is[k], initial[k])) {
          delete next.is[k];
          delete next.was[k];
        } else if (!(k in next.was)) next.was[k] = initial[k];
      }
      if (Object.keys(next.is).length === 0) draft.discard();
      else draft.set(JSON.stringify(next));
    },
  };
}

/**
 * Writes what make makes of what was read, and reports whether it did. If
 * somebody has written since, theirs is read into live and nothing is written;
 * but where they changed nothing that the form shows, it is written all the same.
 */
export async function saveOver<T>(live: Live<T>, path: string, make: (base: T) => unknown, shown: (of: T) => unknown): Promise<boolean> {
  let base = live.data as T, ifMatch = live.etag;
  for (;;) {
    try {
      const got = await api.send<T>("PUT", path, { body: make(base), ifMatch });
      live.set(got.data, got.etag);
      return true;
    } catch (e) {
      if (!(e instanceof ApiError) || e.kind !== "conflict") throw e;
      const now = await api.send<T>("GET", path);
      const alike = same(shown(now.data), shown(base));
      live.set(now.data, now.etag);
      if (!alike) return false;
      base = now.data;
      ifMatch = now.etag;
    }
  }
}

/** Says that somebody else has saved in the meantime, and shows what both have changed. */
export function Met<T extends object>({ form, labels, say = String }: { form: Kept<T>; labels: Partial<Record<keyof T & string, string>>; say?(value: unknown, key: keyof T & string): string }) {
  const take = () => form.set(Object.fromEntries(form.clashes.map((k) => [k, form.theirs[k]])) as Partial<T>);
  return (
    <Notice tone="warn" action={form.clashes.length > 0 && <Button small onClick={take}>{t("take")}</Button>}>
      <p>{t("met")}</p>
      {form.clashes.length > 0 && (
        <div class="settings-met" tabIndex={0} role="group" aria-label={t("clash")}>
          <p>{t("clash")}</p>
          <table>
            <thead><tr><th scope="col">{t("field")}</th><th scope="col">{t("theirs")}</th><th scope="col">{t("yours")}</th></tr></thead>
            <tbody>
              {form.clashes.map((k) => (
                <tr><th scope="row">{labels[k] ?? k}</th><td class="wrap" dir="auto">{say(form.theirs[k], k)}</td><td class="wrap" dir="auto">{say(form.value[k], k)}</td></tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Notice>
  );
}

/** Whether something is on, for Met. */
export const sayOn = (on: unknown): string => (typeof on === "boolean" ? common(on ? "yes" : "no") : String(on));
