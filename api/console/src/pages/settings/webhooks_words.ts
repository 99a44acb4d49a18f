import { dict } from "../../i18n";

export const t = dict(
  EN && {
    title: "Webhooks", lead: "Who is told, by HTTP or by e-mail, of gaps, alarms and what else happens by itself.", make: "New webhook", edit: "Change the webhook", none: "Nobody is told yet", noneBody: "Name an address or a mailbox, and Whetstone tells it when a topic bursts or a gap opens.",
    to: "To", how: "How", post: "HTTP", mail: "E-mail", state: "State", on: "On", off: "Off", at: "Made", turnOn: "Switch on", turnOff: "Switch off", saved: "Saved", noSuch: "There is no such webhook",
    url: "Address", urlHint: "It gets JSON by POST, signed with a secret that you see once.", email: "Mailbox", emailHint: "One letter for each notice.", noMail: "The service has no settings for mail (WHETSTONE_SMTP_…): nothing is mailed until it has.",
    every: "Everything", everyHint: "But for replies to tickets, which are too many.", kinds: "Kinds", all: "Everything but replies to tickets",
    "gap.opened": "A gap opened", "gap.closed": "A gap closed", "gap.reopened": "A gap came back", "alarm.burst": "A topic bursts", "alarm.new_topic": "A new topic", "alarm.drift": "Confidence drops", "source.held": "A source was held", "article.quarantined": "An article was quarantined", "ticket.replied": "A ticket was replied to",
    "gap.*": "Everything of gaps", "alarm.*": "All alarms",
    secret: "The secret", secretHint: "Each request has Whetstone-Signature: v1= and the HMAC-SHA256 of timestamp, a full stop and the body, by this secret.",
    remove: "Delete", removeSure: "Delete this webhook?", removeBody: "What was not delivered yet is not. The delivery log goes too.", removed: "Deleted",
    log: "What was sent", logLead: "What is not answered with 2xx is sent again, later each time, for a day.", noLog: "Nothing was sent yet", noLogBody: "The next notice of these kinds is.", when: "When", what: "What", answer: "Answer", attempts: "Attempts", pending: "Waiting", delivered: "Delivered", failed: "Failed", due: "again {when}", resendOf: "Resend what was sent {when}", resent: "Sent again",
  },
  RU && {
    title: "Вебхуки", lead: "Кому сообщать, по HTTP или почтой, о пробелах, тревогах и прочем, что происходит само.", make: "Новый вебхук", edit: "Изменить вебхук", none: "Пока никому не сообщают", noneBody: "Укажите адрес или почтовый ящик, и Whetstone сообщит о всплеске темы или о новом пробеле.",
    to: "Куда", how: "Как", post: "HTTP", mail: "Почта", state: "Состояние", on: "Включён", off: "Выключен", at: "Создан", turnOn: "Включить", turnOff: "Выключить", saved: "Сохранено", noSuch: "Такого вебхука нет",
    url: "Адрес", urlHint: "Получит JSON методом POST, подписанный секретом, который покажут один раз.", email: "Почтовый ящик", emailHint: "По письму на уведомление.", noMail: "У сервиса нет настроек почты (WHETSTONE_SMTP_…): пока их нет, писем не будет.",
    every: "Обо всём", everyHint: "Кроме ответов на обращения: их слишком много.", kinds: "О чём", all: "Обо всём, кроме ответов на обращения",
    "gap.opened": "Появился пробел", "gap.closed": "Пробел закрыт", "gap.reopened": "Пробел вернулся", "alarm.burst": "Всплеск темы", "alarm.new_topic": "Новая тема", "alarm.drift": "Уверенность падает", "source.held": "Источник остановлен", "article.quarantined": "Статья в карантине", "ticket.replied": "Ответ на обращение",
    "gap.*": "Всё о пробелах", "alarm.*": "Все тревоги",
    secret: "Секрет", secretHint: "В каждом запросе есть Whetstone-Signature: v1= и HMAC-SHA256 от времени, точки и тела с этим секретом.",
    remove: "Удалить", removeSure: "Удалить вебхук?", removeBody: "Недоставленное не отправится. Журнал отправок тоже исчезнет.", removed: "Удалён",
    log: "Что отправлено", logLead: "На что не ответили 2xx, отправляют снова, каждый раз позже, в течение суток.", noLog: "Пока ничего не отправляли", noLogBody: "Отправится следующее такое уведомление.", when: "Когда", what: "О чём", answer: "Ответ", attempts: "Попыток", pending: "Ждёт", delivered: "Доставлено", failed: "Не удалось", due: "снова {when}", resendOf: "Отправить ещё раз от {when}", resent: "Отправлено снова",
  },
);
