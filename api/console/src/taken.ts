// What personal data was taken out of a text, in words: ⟦phone:A⟧ is [phone].
import { dict } from "./i18n";

const t = dict(
  EN && {
    name: "name", email: "e-mail", phone: "phone", card: "card", passport: "passport", order: "order", address: "address", account: "account", taxid: "tax number",
    insurance: "insurance number", device: "device", login: "login", secret: "secret", birth: "date of birth", ip: "IP address", text: "text",
  },
  RU && {
    name: "имя", email: "почта", phone: "телефон", card: "карта", passport: "паспорт", order: "заказ", address: "адрес", account: "счёт", taxid: "ИНН",
    insurance: "СНИЛС", device: "устройство", login: "логин", secret: "пароль", birth: "дата рождения", ip: "IP-адрес", text: "текст",
  },
);

/** The text as it is read; what is edited or sent keeps its marks. */
export const readable = (text: string): string => text.replace(/⟦([a-z]+):[A-Z]+⟧/g, (_, kind: string) => `[${t.any(kind)}]`);
