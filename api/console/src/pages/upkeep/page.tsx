// Upkeep: what in the knowledge base needs a look, and what rests on something
// that has changed.
import { useState } from "preact/hooks";
import { withQuery } from "../../api";
import type { ChorePage, ChoreView } from "../../api.gen";
import { useKeys } from "../../keys";
import { useAction, useApi, usePages } from "../../live";
import { href, useQuery } from "../../router";
import { Button, Empty, Failure, Loading, Notice, Page, Select, Stack, TabPanel, Tabs, Toolbar } from "../../ui";
import { useOwners } from "../gaps/people";
import { regain } from "../../ui/layout";
import { Chore } from "./chore";
import { DocLink } from "./document";
import { Quarantines, useQuarantineCount } from "./quarantines";
import { t } from "./words";

const kinds = ["contradiction", "duplicate", "edited_fact", "always_edited", "stale", "unused"];

export default function Upkeep() {
  const [kind, setKind] = useQuery("kind");
  const [status, setStatus] = useQuery("status");
  const [owner, setOwner] = useQuery("owner");
  const [document, setDocument] = useQuery("document");
  const [changed, setChanged] = useState(0);
  const counts = useApi<ChorePage>(withQuery("/v1/upkeep", { status, owner, document, limit: 1 }));
  const held = useQuarantineCount(changed);
  const again = () => {
    void counts.reload();
    setChanged((n) => n + 1);
  };
  const by = counts.data?.counts ?? {};
  const sum = kinds.reduce((n, k) => n + (by[k] ?? 0), 0);
  const quarantine = kind === "quarantine";
  const owners = useOwners([owner]);
  const states = quarantine ? ["confirmed", "lifted"] : ["done", "dismissed"];
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Stack>
        <Tabs label={t("kinds")} value={kind} onChange={(k) => { setStatus(""); setKind(k); }} tabs={[
          { value: "", label: t("all"), count: counts.data && sum }, ...kinds.map((k) => ({ value: k, label: t.any(k), count: counts.data && (by[k] ?? 0) })), { value: "quarantine", label: t("quarantine"), count: held },
        ]} />
        <TabPanel label={t.any(kind || "all")}>
          <Stack>
            {document && !quarantine && <Notice action={<Button small onClick={() => setDocument("")}>{t("showAll")}</Button>}>{t("aboutOne")} <DocLink id={document} title={document} /></Notice>}
            <Toolbar>
              <Select bare label={t("status")} value={status} onChange={setStatus} options={["", ...states].map((s) => ({ value: s, label: t.any(s || "open") }))} />
              {!quarantine && <Select bare label={t("owner")} value={owner} onChange={setOwner} placeholder={t("anyOwner")} options={owners} />}
            </Toolbar>
            {quarantine ? <Quarantines status={status} onChanged={again} /> : <Chores kind={kind} status={status} owner={owner} document={document} onChanged={() => void counts.reload()} />}
          </Stack>
        </TabPanel>
      </Stack>
    </Page>
  );
}

function Chores({ kind, status, owner, document, onChanged }: { kind: string; status: string; owner: string; document: string; onChanged(): void }) {
  const list = usePages<ChoreView>("/v1/upkeep", "chores", { kind, status, owner, document, limit: 30 });
  const more = useAction(async () => list.more());
  useKeys([{ keys: "r", label: t("refresh"), run: () => void list.reload() }]);
  if (list.error && list.rows.length === 0) return <Failure error={list.error} retry={list.reload} />;
  if (list.loading) return <Loading as="rows" rows={8} />;
  const filtered = !!(kind || status || owner || document);
  if (list.rows.length === 0) {
    return <Empty icon={filtered ? "filter" : "check"} title={t("none")} action={status || owner || document ? <Button href={href("upkeep")}>{t("showAll")}</Button> : <Button icon="book" href={href("knowledge/articles")}>{t("toArticles")}</Button>}>{t(filtered ? "noneHere" : "noneBody")}</Empty>;
  }
  const change = (c: ChoreView) => {
    // It stays in sight, so that what was done can be seen and undone.
    list.set((rows) => rows.map((r) => (r.id === c.id ? c : r)));
    onChanged();
  };
  const gone = () => {
    // What had the focus goes with it.
    void list.reload().then(() => requestAnimationFrame(regain));
    onChanged();
  };
  return (
    <Stack>
      {list.rows.map((c) => <Chore key={c.id} chore={c} onChange={change} onGone={gone} />)}
      {!list.complete && <div class="upkeep-more"><Button icon="down" busy={more.busy} onClick={more.run}>{t("more")}</Button></div>}
    </Stack>
  );
}

