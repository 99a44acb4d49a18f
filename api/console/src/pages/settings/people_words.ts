import { dict } from "../../i18n";

export const t = dict(
  EN && {
    title: "People", lead: "Who may sign in, and what they may do.", invite: "Invite", inviteTitle: "Invite somebody", none: "Nobody signs in yet", noneBody: "Invite the first: you get a link to hand on, by which they choose a password.",
    name: "Name", email: "E-mail", role: "Role", state: "State", seen: "Last here", never: "Never", since: "Invited on", show: "Show", showAll: "Show all", noneSo: "Nobody is in this state", see: "Show them",
    active: "Active", invited: "Invited", locked: "Locked", off: "Not active",
    operatorHint: "Answers tickets.", editorHint: "Writes articles and closes gaps.", leadHint: "Reads reports, decides over what was learned, and steers pilots.", adminHint: "Everything, these settings too.",
    someLocked: { one: "{n} person is locked out after too many wrong passwords. A reset lets them in.", other: "{n} people are locked out after too many wrong passwords. A reset lets them in." },
    makeLink: "Make the link", link: "Link", nameHint: "They may change it.", invitation: "The invitation", reset: "Reset the password",
    handOn: "Send this link to {who}. It works once, until {when}, and lets them choose a password.", handReset: "Send this link to {who}. It works once, until {when}, and lets them choose another password.",
    roleSure: "Make {who} {role}?", roleBody: "They are signed out within five seconds and come back with the new role.", change: "Change the role", saved: "Saved",
    resetSure: "Reset the password of {who}?", resetBody: "The password stops working and every session ends. You get a link by which they choose another.",
    offSure: "Shut {who} out?", offBody: "They are signed out within five seconds. What they did stays; you can let them in again.", turnOff: "Deactivate", turnOn: "Activate", turnedOff: "They can no longer sign in", turnedOn: "They can sign in again",
    inviteAgain: "New invitation link", lockedUntil: "Locked until", comes: "Signs in by", self: "This is you. Another admin may take your role or shut you out.", didWhat: "What they changed",
  },
  RU && {
    title: "Люди", lead: "Кто может войти и что ему можно.", invite: "Пригласить", inviteTitle: "Пригласить человека", none: "Пока никто не входит", noneBody: "Пригласите первого: вы получите ссылку, по которой он выберет пароль.",
    name: "Имя", email: "Почта", role: "Роль", state: "Состояние", seen: "Последний вход", never: "Никогда", since: "Приглашён", show: "Показать", showAll: "Показать всех", noneSo: "В этом состоянии никого нет", see: "Показать",
    active: "Активен", invited: "Приглашён", locked: "Заблокирован", off: "Отключён",
    operatorHint: "Отвечает на обращения.", editorHint: "Пишет статьи и закрывает пробелы.", leadHint: "Читает отчёты, решает, чему из выученного верить, и ведёт пилоты.", adminHint: "Всё, и эти настройки тоже.",
    someLocked: { one: "{n} человек заблокирован: слишком много неверных паролей. Сброс вернёт доступ.", few: "{n} человека заблокированы: слишком много неверных паролей. Сброс вернёт доступ.", many: "{n} человек заблокированы: слишком много неверных паролей. Сброс вернёт доступ.", other: "{n} человека заблокированы: слишком много неверных паролей. Сброс вернёт доступ." },
    makeLink: "Создать ссылку", link: "Ссылка", nameHint: "Его можно будет изменить.", invitation: "Приглашение", reset: "Сбросить пароль",
    handOn: "Отправьте эту ссылку сами: по ней {who} придумает пароль. Она сработает один раз, до {when}.", handReset: "Отправьте эту ссылку сами: по ней {who} придумает новый пароль. Она сработает один раз, до {when}.",
    roleSure: "Сменить роль: {who} — {role}?", roleBody: "В течение пяти секунд сеанс закончится; новый начнётся уже с новой ролью.", change: "Сменить роль", saved: "Сохранено",
    resetSure: "Сбросить пароль: {who}?", resetBody: "Пароль перестанет действовать, все сеансы закончатся. Вы получите ссылку, по которой выбирают новый.",
    offSure: "Закрыть доступ: {who}?", offBody: "В течение пяти секунд сеанс закончится. Всё сделанное останется; доступ можно вернуть.", turnOff: "Отключить", turnOn: "Включить", turnedOff: "Доступ закрыт", turnedOn: "Доступ открыт",
    inviteAgain: "Новая ссылка-приглашение", lockedUntil: "Заблокирован до", comes: "Входит через", self: "Это вы. Сменить вашу роль или закрыть доступ может другой администратор.", didWhat: "Что этот человек менял",
  },
);
