// One topic: how its answers got better, and its way from first seen to
// proficient.
import type { LearningReport, TopicSpeed } from "../../api.gen";
import { date } from "../../i18n";
import { useApi } from "../../live";
import { linkTo } from "../../palette";
import { href } from "../../router";
import { Button, Card, Icon, Loaded, NotFound, Page, Stack } from "../../ui";
import { Quality, Reached, reachedWords } from "./curves";
import { ShareFigure } from "./parts";
import { t } from "./words";

export function Topic({ kind, id }: { kind: string; id: string }) {
  const report = useApi<LearningReport>("/v1/reports/learning", { by: "topic" });
  const topic = report.data?.topics.find((s) => s.kind === kind && s.id === id);
  const article = kind === "article" ? linkTo("article", id) : "";
  return (
    <Page title={topic?.label || t("one_topic")} lead={topic && t.any(topic.kind)} back={{ label: t("progress"), href: href("learning") }}
      actions={article && <Button href={article} icon="book">{t("openArticle")}</Button>}>
      <Loaded of={report} as="figures" empty={() => !topic && <NotFound title={t("noTopicTitle")}>{t("noTopicBody")}</NotFound>}>
        {(d) => topic && (
          <Stack>
            <Card>
              <p class="learning-verdict"><Reached of={topic} /> <span class="soft">{reachedWords(topic)}</span></p>
              <div class="learning-figures">
                <ShareFigure label={t("anyUse")} of={topic.any_use} means={t("anyUseMeans")} />
                <ShareFigure label={t("unchanged")} of={topic.accepted_unchanged} means={t("unchangedMeans")} />
                <ShareFigure label={t("edited")} of={topic.accepted_edited} means={t("editedMeans")} />
              </div>
            </Card>
            <Card><Quality title={t("curve")} line={topic.line} bands={topic.by_encounter} target={d.whole.target} least={1} /></Card>
            <Card title={t("way")}><Way topic={topic} /></Card>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Way({ topic: s }: { topic: TopicSpeed }) {
  const stops = [["first_seen", s.first_seen], ["gap_flagged", s.gap_flagged], ["article_published", s.article_published], ["first_accepted", s.first_accepted], ["proficient", s.proficient]] as const;
  return (
    <ol class="learning-way">
      {stops.map(([what, at]) => (
        <li class={at ? "done" : ""}><span class="learning-stop"><Icon name={at ? "check" : "minus"} size={14} /></span><span>{t(what)}</span><span class="soft small-text">{at ? date(at) : t("open").toLowerCase()}</span></li>
      ))}
    </ol>
  );
}
