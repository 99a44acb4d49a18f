// What a draft changes in its article, in a part that scrolls by itself.
import { Folded } from "../../ui";
import { t } from "./words";

export const Changing = ({ before, after }: { before: string; after: string }) => (
  <div class="gaps-diff" tabIndex={0} role="group" aria-label={t("diff")}><Folded before={before} after={after} same={t("noChange")} /></div>
);
