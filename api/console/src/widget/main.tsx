// The panel's page: a draft and its sources within another helpdesk's window.
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { lang } from "../i18n";
import { useStore } from "../store";
import { host } from "./host";
import { Panel } from "./panel";
import { start } from "./work";

const app = document.getElementById("app")!;

// The language is watched here: everything below is drawn again in it.
function App() {
  useStore(lang);
  useEffect(() => {
    const tellHeight = () => host.send({ type: "height", height: Math.ceil(app.getBoundingClientRect().height) });
    const watch = new ResizeObserver(tellHeight);
    watch.observe(app);
    return () => watch.disconnect();
  }, []);
  return <div class="widget"><Panel /></div>;
}

render(<App />, app);
start();
