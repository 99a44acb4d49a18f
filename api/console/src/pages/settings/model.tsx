// Settings → Model server: who makes vectors and who writes, and whether they
// answer.
import { useState } from "preact/hooks";
import { api } from "../../api";
import type { ModelSetup, ModelsTried, ModelTried, Setup } from "../../api.gen";
import { dict, duration, number } from "../../i18n";
import { useKeys } from "../../keys";
import { useAction, useApi } from "../../live";
import { Badge, Button, Card, Facts, Grid, Loaded, Notice, Page, Stack } from "../../ui";

const t = dict(
  EN && {
    title: "Model server", lead: "Who compares meanings and who writes replies, for the whole service.", test: "Try it", trying: "Trying", embeddings: "Meanings", embeddingsLead: "Turns texts into vectors, so that sources are found by what they mean.", chat: "Replies", chatLead: "Writes drafts from the sources that were found.",
    address: "Address", model: "Model", key: "Key", set: "Set, and never shown", unset: "None", limit: "Waits at most", builtEmbed: "Built in: it compares words, not meanings. Nothing leaves this machine.", builtChat: "Built in: replies are quoted from the sources. Nothing leaves this machine.",
    ok: "Answers", bad: "Does not answer", untried: "Not tried yet", took: "Took", dim: "Length of a vector", said: "What it wrote", empty: "It answered, but nothing of it rested on the source it was given. Such sentences are marked in drafts.",
    connect: "To have a model server do it, start the service with", change: "These come from the settings of the service and are changed there, with a restart; the page shows no key.", fallback: "While it does not answer, replies are quoted from sources, and questions are searched by words.",
  },
  RU && {
    title: "Сервер моделей", lead: "Кто сравнивает смыслы и кто пишет ответы — для всего сервиса.", test: "Проверить", trying: "Проверяется", embeddings: "Смыслы", embeddingsLead: "Превращает тексты в векторы, чтобы источники находились по смыслу.", chat: "Ответы", chatLead: "Пишет черновики по найденным источникам.",
    address: "Адрес", model: "Модель", key: "Ключ", set: "Задан, не показывается", unset: "Нет", limit: "Ждём не дольше", builtEmbed: "Встроено: сравнивает слова, а не смыслы. Ничего не уходит с этой машины.", builtChat: "Встроено: ответы цитируют источники. Ничего не уходит с этой машины.",
    ok: "Отвечает", bad: "Не отвечает", untried: "Ещё не проверялся", took: "Заняло", dim: "Длина вектора", said: "Что написано", empty: "Ответ пришёл, но ни на что в источнике не опирался. В черновиках такие предложения отмечаются.",
    connect: "Чтобы этим занялся сервер моделей, запустите сервис с такими настройками:", change: "Это берётся из настроек сервиса и меняется там, с перезапуском; ключ страница не показывает.", fallback: "Пока он не отвечает, ответы цитируют источники, а вопросы ищутся по словам.",
  },
);

const sample = (part: string, model: string) => ["URL=http://localhost:11434/v1", "MODEL=" + model, "KEY=…"].map((s) => "WHETSTONE_" + part + "_" + s).join("\n");

export default function Model() {
  const setup = useApi<Setup>("/v1/service");
  const [tried, setTried] = useState<ModelsTried | undefined>();
  const test = useAction(async () => setTried(await api.post<ModelsTried>("/v1/model/test")));
  useKeys([{ keys: "t", label: t("test"), run: () => void test.run() }]);
  return (
    <Page title={t("title")} lead={t("lead")} actions={<Button kind="primary" icon="play" keys="t" busy={test.busy} onClick={test.run}>{t(test.busy ? "trying" : "test")}</Button>}>
      <Loaded of={setup} as="form">
        {(s) => (
          <Stack>
            <Grid min={380}>
              <One title={t("embeddings")} lead={t("embeddingsLead")} of={s.embeddings} built={t("builtEmbed")} sample={sample("EMBEDDINGS", "bge-m3")} tried={tried?.embeddings} />
              <One title={t("chat")} lead={t("chatLead")} of={s.chat} built={t("builtChat")} sample={sample("CHAT", "qwen3:8b")} tried={tried?.chat} writes />
            </Grid>
            <p class="soft small-text">{t("change")}</p>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function One({ title, lead, of: m, built, sample, tried, writes }: { title: string; lead: string; of: ModelSetup; built: string; sample: string; tried?: ModelTried; writes?: boolean }) {
  return (
    <Card title={title} lead={lead}>
      <Stack>
        <div><Badge tone={!tried ? "plain" : tried.ok ? "good" : "bad"}>{t(!tried ? "untried" : tried.ok ? "ok" : "bad")}</Badge></div>
        {m.url ? (
          <Facts items={[
            [t("address"), <span class="mono wrap">{m.url}</span>], [t("model"), <bdi>{m.model}</bdi>], [t("key"), t(m.key ? "set" : "unset")],
            !!m.timeout_ms && [t("limit"), duration(m.timeout_ms)],
          ]} />
        ) : <><p>{built}</p><div><div class="soft small-text">{t("connect")}</div><pre class="settings-said mono">{sample}</pre></div></>}
        <div role="status">
          {tried && (tried.ok ? (
            <Stack>
              <Facts items={[[t("took"), duration(tried.took_ms)], !!tried.dim && [t("dim"), number(tried.dim)]]} />
              {writes && <div><div class="soft small-text">{t("said")}</div><p class="settings-said" dir="auto">{tried.said || t("empty")}</p></div>}
            </Stack>
          ) : <Notice tone="bad"><p class="wrap" dir="auto">{tried.fault}</p><p class="soft">{t("fallback")}</p></Notice>)}
        </div>
      </Stack>
    </Card>
  );
}
