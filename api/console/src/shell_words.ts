// Words of the shell: navigation, menus, keys, palette and sign-in.
import { dict } from "./i18n";

export const t = dict(
  EN && {
    skip: "Skip to the content", navigation: "Navigation", sections: "Sections", pagesOf: "Pages of {section}", menu: "Menu", more: "More",
    account: "Account", yourAccount: "Your account", signOut: "Sign out", language: "Language", theme: "Theme", themeSystem: "As the system", themeLight: "Light", themeDark: "Dark", docs: "API reference",
    find: "Find", findPlaceholder: "An article, a case, a gap, a ticket, a page …", findNone: "Nothing fits “{q}”.", findHint: "Type to find; ↑ ↓ to move, Enter to open.",
    keysTitle: "Keyboard", keysHere: "On this page", keysEverywhere: "Everywhere", keysHelp: "Show these keys", keysFind: "Find anything", keysGo: "Go to {page}", then: "then",
    noPages: "There is no page for your role yet", noPagesBody: "Your role is {role}. An admin of the workspace can change it.",
    leaveTitle: "Leave without saving?", leaveAction: "Leave",
    article: "Article", case: "Case", gap: "Gap", ticket: "Ticket", person: "Person", pilot: "Pilot", page: "Page",
    signIn: "Sign in", email: "E-mail", password: "Password", signInOidc: "Sign in with your company account", signInLead: "Answers that are worth sending, from what your team already knows.",
    wrong: "The e-mail or the password is not right.", tooMany: "Too many tries have failed. Try again in {wait}, at {at}. An admin’s link for a new password works at once.", expired: "You were signed out because the session ended. What you typed is kept.", signedOut: "You are signed out.",
    oidc_forbidden: "Your company account may not sign in here. An admin can let you in.", oidc_unproven: "Your company’s sign-in does not confirm your e-mail address. An admin can change that, or invite you to sign in with a password.",
    oidc_stale: "That took too long, or it began in another window. Sign in once more.", oidc_declined: "You are not signed in: it was cancelled, or your company account has no access here.",
    oidc_away: "Your company’s sign-in does not answer. Try again in a few minutes.", oidc_failed: "Signing in with your company account did not work. Try again; if it happens again, an admin finds the reason in the server’s log.",
    forgot: "Forgot the password? An admin can make you a link that sets a new one.",
    linkTitle: "Opening your link", linkBad: "This link no longer works", linkBadBody: "It was used already, or it is too old. Ask an admin for a new one, or sign in.",
    chooseTitle: "Choose a password", chooseLead: "You sign in with it and {email} from now on.", name: "Your name", nameHint: "As colleagues see it.", newPassword: "New password", passwordHint: "At least 10 characters. A few words are better than a few signs.", passwordShort: "At least 10 characters.", begin: "Begin",
  },
  RU && {
    skip: "К содержанию", navigation: "Навигация", sections: "Разделы", pagesOf: "Страницы раздела «{section}»", menu: "Меню", more: "Ещё",
    account: "Меню профиля", yourAccount: "Ваш профиль", signOut: "Выйти", language: "Язык", theme: "Тема", themeSystem: "Как в системе", themeLight: "Светлая", themeDark: "Тёмная", docs: "Справочник API",
    find: "Найти", findPlaceholder: "Статья, случай, пробел, обращение, страница…", findNone: "По запросу «{q}» ничего нет.", findHint: "Введите запрос; ↑ ↓ — выбрать, Enter — открыть.",
    keysTitle: "Клавиши", keysHere: "На этой странице", keysEverywhere: "Везде", keysHelp: "Показать эти клавиши", keysFind: "Найти что угодно", keysGo: "Перейти: {page}", then: "затем",
    noPages: "Для вашей роли пока нет страниц", noPagesBody: "Ваша роль: {role}. Изменить её может администратор.",
    leaveTitle: "Уйти без сохранения?", leaveAction: "Уйти",
    article: "Статья", case: "Случай", gap: "Пробел", ticket: "Обращение", person: "Человек", pilot: "Пилот", page: "Страница",
    signIn: "Войти", email: "Эл. почта", password: "Пароль", signInOidc: "Войти через учётную запись компании", signInLead: "Ответы, которые стоит отправить, — из того, что команда уже знает.",
    wrong: "Почта или пароль не подходят.", tooMany: "Слишком много неудачных попыток. Попробуйте снова через {wait}, в {at}. По ссылке администратора для нового пароля можно войти сразу.", expired: "Сеанс закончился, поэтому нужно войти снова. Введённое сохранено.", signedOut: "Вы вышли.",
    oidc_forbidden: "С этой учётной записью компании сюда не войти. Доступ может дать администратор.", oidc_unproven: "В учётной записи компании не подтверждён адрес почты. Администратор может это исправить или дать вам вход по паролю.",
    oidc_stale: "Прошло слишком много времени, или вход начат в другом окне. Войдите ещё раз.", oidc_declined: "Вы не вошли: вход отменён, или у вашей учётной записи компании нет сюда доступа.",
    oidc_away: "Служба входа вашей компании не отвечает. Попробуйте через несколько минут.", oidc_failed: "Войти через учётную запись компании не получилось. Попробуйте ещё раз; если не выйдет и тогда, причину администратор найдёт в журнале сервера.",
    forgot: "Забыли пароль? Администратор сделает ссылку, по которой можно задать новый.",
    linkTitle: "Открываем вашу ссылку", linkBad: "Эта ссылка больше не действует", linkBadBody: "Её уже использовали, или она устарела. Попросите у администратора новую или войдите.",
    chooseTitle: "Придумайте пароль", chooseLead: "С ним и адресом {email} вы будете входить.", name: "Ваше имя", nameHint: "Так его увидят коллеги.", newPassword: "Новый пароль", passwordHint: "Не меньше 10 знаков. Несколько слов лучше, чем несколько значков.", passwordShort: "Не меньше 10 знаков.", begin: "Начать",
  },
);
