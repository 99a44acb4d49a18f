// Sources: what the knowledge base follows, and files that are brought in by hand.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { ConnectionList, ConnectionView, SyncRunList, SyncRunView } from "../../api.gen";
import { seg } from "../../api";
import { ago, collate, dateTime } from "../../i18n";
import { useKeys } from "../../keys";
import { useApi } from "../../live";
import type { PageProps } from "../../pages";
import { go, href } from "../../router";
import { isRole } from "../../session";
import { Badge, Button, Card, Empty, Loaded, Notice, Page, Stack, Table, Tabs } from "../../ui";
import { Connection } from "./connection";
import { Edit } from "./form";
import { Import } from "./import";
import { reads, spoken } from "./say";
import { t } from "./words";

export default function Sources({ rest }: PageProps) {
  const manages = isRole("admin");
  const writes = !manages && (rest[0] === "new" || rest[1] === "edit"); // an editor reads connections
  useEffect(() => {
    if (writes) location.replace(href("sources"));
  }, [writes]);
  if (rest[0] === "import") return <Frame tab="import" manages={manages}><Import /></Frame>;
  if (!writes && rest[0] === "new") return <Edit />;
  if (!writes && rest[0] && rest[1] === "edit") return <Edit key={rest[0]} id={rest[0]} />;
  if (!writes && rest[0]) return <Connection key={rest[0]} id={rest[0]} />;
  return <Frame tab="" manages={manages}><List manages={manages} /></Frame>;
}

function Frame({ tab, manages, children }: { tab: string; manages: boolean; children: ComponentChildren }) {
  useKeys([{ keys: "n", label: t("add"), run: () => go("sources", "new"), when: manages }]);
  return (
    <Page title={t("title")} lead={t("lead")} actions={manages && !tab && <Button kind="primary" icon="plus" href={href("sources", "new")} keys="n">{t("add")}</Button>}>
      <Stack>
        <Tabs label={t("title")} value={tab} onChange={(v) => (v ? go("sources", v) : go("sources"))} tabs={[{ value: "", label: t("connections") }, { value: "import", label: t("files") }]} />
        {children}
      </Stack>
    </Page>
  );
}

/** How a connection stands; one that is on and did not get through is not in step. */
export function Status({ c, last }: { c: ConnectionView; last?: SyncRunView }) {
  if (c.syncing) return <Badge tone="accent">{t("syncing")}</Badge>;
  if (c.status === "active" && (last?.status === "broken" || last?.status === "died")) return <Badge tone="bad">{t("fails")}</Badge>;
  const tones = { active: "good", paused: "plain", held: "warn" } as const;
  return <Badge tone={tones[c.status]}>{t(c.status)}</Badge>;
}

function List({ manages }: { manages: boolean }) {
  const list = useApi<ConnectionList>("/v1/connections", undefined, 10_000);
  return (
    <Loaded of={list} as="rows" empty={(d) => d.connections.length === 0 && <Empty icon="plug" title={t("none")} action={manages ? <Button kind="primary" icon="plus" href={href("sources", "new")}>{t("add")}</Button> : <Button icon="upload" href={href("sources", "import")}>{t("files")}</Button>}>{t("noneBody")}{!manages && " " + t("adminAdds")}</Empty>}>
      {({ connections }) => {
        const held = connections.filter((c) => c.status === "held");
        return (
          <Stack>
            {held[0] && <Notice tone="warn" action={<Button small href={href("sources", held[0].id)}>{t("look")}</Button>}>{t("waits", { n: held.length })}</Notice>}
            <Card flush>
              <Table label={t("connections")} rows={connections} id={(c) => c.id} onOpen={(c) => go("sources", c.id)} columns={[
                { key: "id", title: t("id"), main: true, sort: (a, b) => collate(a.id, b.id), cell: (c) => <><a class="row-title" href={href("sources", c.id)} tabIndex={-1}>{c.id}</a><span class="row-sub clip" dir="auto">{reads(c)}</span></> },
                { key: "kind", title: t("kind"), width: 140, wide: true, cell: (c) => t(c.kind) },
                { key: "when", title: t("when"), width: 160, wide: true, cell: (c) => spoken(c.spec) },
                { key: "last", title: t("last"), width: 150, wide: true, cell: (c) => <Last id={c.id} /> },
                { key: "status", title: t("status"), width: 150, cell: (c) => <Stands c={c} /> },
              ]} />
            </Card>
          </Stack>
        );
      }}
    </Loaded>
  );
}

/** The runs of a connection; connections are few, and their list does not say. */
const useRuns = (id: string) => useApi<SyncRunList>("/v1/connections/" + seg(id) + "/runs", undefined, 30_000);

const Stands = ({ c }: { c: ConnectionView }) => <Status c={c} last={useRuns(c.id).data?.runs[0]} />;

/** When a connection ran last. */
function Last({ id }: { id: string }) {
  const runs = useRuns(id);
  const run = runs.data?.runs[0];
  if (!runs.data) return <span class="soft">{t("unknown")}</span>;
  if (!run) return <span class="soft">{t("never")}</span>;
  return <><span title={dateTime(run.started_at)}>{ago(run.started_at)}</span>{run.status === "broken" && <span class="row-sub sources-bad">{t("broken")}</span>}</>;
}
