// Who else is in the same article or case.
import { useEffect, useState } from "preact/hooks";
import { api } from "../../api";
import type { PresenceList, PresenceView } from "../../api.gen";
import { Icon } from "../../ui";
import { t } from "./docwords";

/** Says that we are at the subject, every ten seconds and when we leave, and returns who else is. */
export function usePresence(subject: string, editing: boolean): PresenceView[] {
  const [others, set] = useState<PresenceView[]>([]);
  useEffect(() => {
    let over = false;
    const say = async () => {
      if (document.visibilityState !== "visible") return;
      try {
        const got = await api.post<PresenceList>("/v1/presence", { subject, editing });
        if (!over) set(got.others);
      } catch {
        // That nobody can be seen is no reason to disturb.
      }
    };
    void say();
    const timer = setInterval(say, 10_000);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [subject, editing]);
  useEffect(() => () => void api.post("/v1/presence", { subject, left: true }).catch(() => {}), [subject]);
  return others;
}

export function Present({ others }: { others: PresenceView[] }) {
  const names = (list: PresenceView[]) => list.map((o) => o.name).join(", ");
  const editing = others.filter((o) => o.editing);
  const looking = others.filter((o) => !o.editing);
  return (
    <div class="knowledge-present" role="status">
      {editing.length > 0 && <span class="knowledge-editing"><Icon name="edit" size={15} />{t("editing", { n: editing.length, who: names(editing) })}</span>}
      {looking.length > 0 && <span><Icon name="eye" size={15} />{t("here", { n: looking.length, who: names(looking) })}</span>}
    </div>
  );
}
