// The details of the audit's entries.
import { roles } from "../words";
import { saying, type Rules } from "./saying";

const rules: Rules = !RU ? [] : [
  ["%d suggestions, %d tickets, %d cases", "$1[черновик|черновика|черновиков], $2[обращение|обращения|обращений], $3[случай|случая|случаев]"], ["%d created, %d updated, %d skipped", "новых $1, изменённых $2, пропущенных $3"],
  ["password", "пароль"], ["everywhere", "во всех браузерах"], ["not active", "отключено"], ["active", "включено"], ["pin", "закреплено"], ["reset", "начато заново"], ["exclude", "исключено"], ["open", "открыто"], ["pending", "отвечено"], ["solved", "решено"],
];
const say = saying(rules);

const role = "(admin|editor|operator|lead|helpdesk)";

/** A detail in the reader's words: who was invited as what, which key for which role, what was changed of a person. */
export function detailed(detail: string): string {
  const said = say(detail);
  if (said !== detail) return said;
  return detail.replace(new RegExp(`^(\\S+@\\S+) as ${role}$`), (_, who: string, r: string) => `${who}, ${roles.any(r)}`)
    .replace(new RegExp(`^${role} `), (_, r: string) => roles.any(r) + ": ")
    .replace(new RegExp(`, role ${role}`), (_, r: string) => ", " + roles.any(r))
    .replace(/, (not active|active)$/, (_, state: string) => ", " + say(state));
}
