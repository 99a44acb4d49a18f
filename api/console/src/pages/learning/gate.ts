// What a version came to at the gate, out of its figures.
import type { RankerView } from "../../api.gen";
import { percent } from "../../i18n";
import { points } from "./parts";
import { t } from "./words";

export interface Gate {
  promote: boolean;
  questions: number;
  differing: number;
  serving: number;
  candidate: number;
  difference: number;
  low: number;
  high: number;
  off_policy?: { says: string; logged: number };
}

export function gateOf(r: RankerView): Gate | undefined {
  const g = r.figures.gate;
  return g !== null && typeof g === "object" && typeof (g as Gate).questions === "number" ? (g as Gate) : undefined;
}

/** Of fewer questions the gate says nothing, and its shares would be noise. */
export const enough = 100;

/** It in a sentence. */
export function verdict(g: Gate | undefined): string {
  if (!g) return t("noGate");
  if (g.questions < enough) return t("verdictWait", { n: g.questions });
  return t(g.promote ? "verdictYes" : "verdictNo", { questions: g.questions, candidate: percent(g.candidate, 1), serving: percent(g.serving, 1), low: points(g.low), high: points(g.high) });
}
