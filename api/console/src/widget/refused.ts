// Why a call of the panel failed, in Russian. The panel makes few calls, and
// what they are refused for is told apart by the status: the server's own
// sentences, which the English reader sees, would take a rule each, and a
// helpdesk's page waits for every byte. A test holds each status that the
// server gives to its words.
import type { ApiError } from "../api";
import { t } from "./words";

const gone = "Обращения или черновика больше нет.";
const bad = "Сервер не принял то, что передал хелпдеск.";
const broken = "На сервере что-то сломалось, в его журнале это запрос ";

const words: Record<number, string> = {
  400: bad,
  403: gone, // a token reaches its ticket alone, and what is gone is not its
  404: gone,
  409: "Это уже делается: повторите через минуту.",
  413: bad,
  422: bad,
  429: "Слишком много запросов: попробуйте позже.",
  500: broken,
  503: "Часть сервиса не отвечает: попробуйте ещё раз.",
};

export function refused({ status, detail }: ApiError): string {
  const said = words[status];
  return status === 401 ? t("expiredTitle") + "." : said === broken ? said + detail.split(" ").pop() : said ?? t("wentWrong");
}
