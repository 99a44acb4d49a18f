// Pilots: another profile for some operators, watched, ramped, stopped.
import type { PilotList, PilotView } from "../../api.gen";
import { ago, collate, dateTime, percent } from "../../i18n";
import { useKeys } from "../../keys";
import { useApi } from "../../live";
import type { PageProps } from "../../pages";
import { go, href } from "../../router";
import { Badge, Button, Card, Empty, Loaded, Page, Table } from "../../ui";
import { PilotForm } from "./form";
import { Pilot } from "./pilot";
import { says } from "./says";
import { t } from "./words";

export default function Pilots({ rest, query }: PageProps) {
  if (rest[0]) return <Pilot key={rest[0]} name={rest[0]} edit={query.get("edit") === "yes"} />;
  return query.get("new") === "yes" ? <PilotForm /> : <List />;
}

export function Status({ of: p }: { of: Pick<PilotView, "status"> }) {
  const tones = { draft: "plain", running: "good", stopped: "warn" } as const;
  return <Badge tone={tones[p.status]}>{t(p.status)}</Badge>;
}

const order = { running: 0, draft: 1, stopped: 2 };

function List() {
  const pilots = useApi<PilotList>("/v1/pilots");
  useKeys([{ keys: "n", label: t("create"), run: () => go("pilots", { new: "yes" }) }, { keys: "r", label: t("refresh"), run: () => void pilots.reload() }]);
  const create = <Button kind="primary" icon="plus" keys="n" href={href("pilots", { new: "yes" })}>{t("create")}</Button>;
  const some = (pilots.data?.pilots.length ?? 0) > 0;
  return (
    <Page title={t("title")} lead={t("lead")} actions={some && create}>
      <Loaded of={pilots} as="rows" empty={(d) => d.pilots.length === 0 && <Empty icon="flask" title={t("none")} action={create}>{t("noneBody")}</Empty>}>
        {(d) => (
          <Card flush>
            <Table label={t("title")} rows={[...d.pilots].sort((a, b) => order[a.status] - order[b.status] || b.updated_at.localeCompare(a.updated_at))} id={(p) => p.name} onOpen={(p) => go("pilots", p.name)} rowHeight={72} columns={[
              { key: "name", title: t("name"), main: true, sort: (a, b) => collate(a.name, b.name), cell: (p) => <><a class="row-title" href={href("pilots", p.name)} tabIndex={-1}>{p.name}</a><span class="row-sub wrap" dir="auto">{says(p)}</span></> },
              { key: "status", title: t("status"), width: 140, cell: (p) => <Status of={p} /> },
              { key: "percent", title: t("share"), width: 90, align: "end", wide: true, sort: (a, b) => a.percent - b.percent, cell: (p) => percent(p.percent / 100) },
              { key: "at", title: t("changed"), width: 130, wide: true, sort: (a, b) => a.updated_at.localeCompare(b.updated_at), cell: (p) => <span title={dateTime(p.updated_at)}>{ago(p.updated_at)}</span> },
            ]} />
          </Card>
        )}
      </Loaded>
    </Page>
  );
}
