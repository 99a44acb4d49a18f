// The first steps of a new workspace, where the queue would be.
import { dict } from "../../i18n";
import { href } from "../../router";
import { Card, Icon, type IconName } from "../../ui";

const t = dict(
  EN && {
    title: "First steps", lead: "There is nothing to answer from yet. Drafts begin with your articles.",
    import: "Import articles", importWhy: "Markdown, HTML, PDF, DOCX, CSV and JSON Lines: drop the files, look at them, import them.",
    source: "Connect a source", sourceWhy: "A help center, a website, a wiki or files; changes there are followed by themselves.",
    people: "Invite people", peopleWhy: "Operators answer with drafts, editors look after the articles, leads see how it goes.",
    desk: "Connect the helpdesk", deskWhy: "Make a key for it: with the key it sends tickets here and asks for drafts.",
  },
  RU && {
    title: "С чего начать", lead: "Отвечать пока не из чего. Черновики начинаются с ваших статей.",
    import: "Загрузить статьи", importWhy: "Markdown, HTML, PDF, DOCX, CSV и JSON Lines: перетащите файлы, просмотрите и загрузите.",
    source: "Подключить источник", sourceWhy: "Справочный центр, сайт, вики или файлы; изменения в них подхватываются сами.",
    people: "Пригласить людей", peopleWhy: "Операторы отвечают по черновикам, редакторы ведут статьи, руководители видят, как идут дела.",
    desk: "Подключить хелпдеск", deskWhy: "Создайте для него ключ: с ним хелпдеск присылает обращения и получает черновики.",
  },
);

const steps: [what: "import" | "source" | "people" | "desk", icon: IconName, to: string[]][] = [
  ["import", "upload", ["sources", "import"]], ["source", "plug", ["sources", "new"]], ["people", "people", ["settings/people"]], ["desk", "key", ["settings/keys"]],
];

export function FirstSteps() {
  return (
    <Card title={t("title")} lead={t("lead")}>
      <ol class="work-first">
        {steps.map(([what, icon, [page, ...rest]]) => (
          <li><a href={href(page!, ...rest)}><Icon name={icon} /><span><strong>{t(what)}</strong><span class="row-sub">{t(`${what}Why`)}</span></span><Icon name="right" size={16} /></a></li>
        ))}
      </ol>
    </Card>
  );
}
