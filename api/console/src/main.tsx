import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError, returns, wording } from "./api";
import { sweepDrafts } from "./draft";
import { lang } from "./i18n";
import { asError } from "./live";
import { place } from "./router";
import { readSession, session } from "./session";
import { Shell } from "./shell";
import { Enter, SignIn } from "./signin";
import { useStore } from "./store";
import { Failure, Loading } from "./ui";
import { Toasts } from "./ui/toast";

// The language is watched here: everything below is drawn again in it.
function App() {
  useStore(lang);
  const at = useStore(place);
  const who = useStore(session);
  const back = useStore(returns);
  const [error, setError] = useState<ApiError | undefined>();
  const entering = at.path[0] === "enter" ? at.path[1] : undefined;
  const read = () => {
    setError(undefined);
    return readSession().catch((e) => setError(asError(e)));
  };
  useEffect(() => {
    if (!session.get() && !entering) void read();
  }, [back, entering]);
  if (entering) return <><Enter key={entering} token={entering} /><Toasts /></>;
  if (who) return <Shell key={who.person.id + who.person.role} who={who} />;
  if (who === null) return <><SignIn /><Toasts /></>;
  return <main class="waiting">{error ? <Failure error={error} retry={read} /> : <Loading rows={3} />}</main>;
}

if (RU) wording.load = async () => (await import("./said/refusals")).refusal;
sweepDrafts();
render(<App />, document.getElementById("app")!);
