// Everything that pages draw with, on one page, for the tests. What tests call
// is on window.gallery.
import { render } from "preact";
import { useState } from "preact/hooks";
import { api, ApiError, online, stream } from "../../src/api";
import { useDraft } from "../../src/draft";
import { dict, lang } from "../../src/i18n";
import * as format from "../../src/i18n";
import { useApi } from "../../src/live";
import { useKeys } from "../../src/keys";
import { session } from "../../src/session";
import { useStore } from "../../src/store";
import {
  ask, Badge, Button, Card, changes, Checkbox, confirm, csv, Diff, Dialog, Disclosure, Empty, Facts, Failure, Figure, Forbidden, Form, Grid, Loaded, Markdown, Menu, Notice,
  Offline, Page, Radio, Segments, Select, Sides, Splitter, Stack, Table, TabPanel, Tabs, TextArea, TextField, toast, Toolbar,
} from "../../src/ui";
import { Chart, Sparkline } from "../../src/ui/chart";
import { Asking } from "../../src/ui/dialog";
import { Toasts } from "../../src/ui/toast";

const long = "Очень длинный заголовок, который нигде не кончается ".repeat(6) + "Donaudampfschifffahrtsgesellschaftskapitän".repeat(3);
const rows = Array.from({ length: 100_000 }, (_, i) => ({ id: "r" + i, name: i === 1 ? long : i === 2 ? "مرحبا بالعالم <b>" : "Row " + i, n: (i * 7919) % 1000 }));
const words = dict(
  EN && { n: { one: "{n} ticket", other: "{n} tickets" }, only: "Only" },
  RU && { n: { one: "{n} обращение", few: "{n} обращения", many: "{n} обращений", other: "{n} обращения" }, only: "Только" },
);

const weeks = Array.from({ length: 14 }, (_, i) => Date.UTC(2026, 8, 1 + i * 7));
const series = ["Доставка", "Возврат", "Оплата"].map((name, k) => ({
  name, points: weeks.map((x, i) => {
    const y = 0.3 + 0.5 * (1 - Math.exp(-i / (3 + k * 3))) - k * 0.05;
    return { x, y: k === 2 && i === 6 ? null : y, lo: y - 0.3 / (i + 3), hi: y + 0.3 / (i + 3) };
  }),
}));

const text = `# Heading\n\nA *calm* **paragraph** with \`code\`, a [link](https://example.org/a_b_c) and https://example.org.\n\n- one\n- two\n  - nested\n\n1. first\n2. second\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\`\`\`\n<script>alert(1)</script>\n\`\`\`\n\n<img src=x onerror="window.hacked=1"> [bad](javascript:window.hacked=1) ![pic](https://elsewhere.test/p.png)`;

function Gallery() {
  useStore(lang);
  const [tab, setTab] = useState("a");
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const draft = useDraft("gallery", "As it was");
  const live = useApi<{ value: string }>("/v1/live");
  useKeys([{ keys: "mod+enter", label: "Send", run: () => toast("pressed") }]);
  return (
    <main class="content">
      <Page title={long} lead="Everything that pages draw with." actions={<><Button icon="refresh">Again</Button><Button kind="primary" icon="plus" keys="mod+enter">New</Button></>}>
        <Notice action={<Button small>Look</Button>}>A notice.</Notice><Notice tone="good">Good.</Notice><Notice tone="warn">Warning.</Notice><Notice tone="bad">Bad.</Notice>
        <Card title="Buttons" lead="Every kind" actions={<Menu label="Menu" items={[{ label: "Edit", icon: "edit", onClick: () => toast("edit") }, null, { label: "Delete", icon: "trash", danger: true, onClick: () => toast("no", { bad: true }) }]} />}>
          <Stack row><Button>Plain</Button><Button kind="primary">Primary</Button><Button kind="danger">Danger</Button><Button kind="quiet">Quiet</Button><Button busy>Busy</Button><Button disabled>Disabled</Button>
            <Button pressed icon="thumbUp" label="Good" /><Button small icon="play">Small</Button><Button id="open" onClick={() => setOpen(true)}>Dialog</Button>
            <Button id="ask" onClick={async () => toast(String(await ask({ title: "Reject?", label: "Why", action: "Reject", required: true })))}>Ask</Button>
            <Button id="confirm" onClick={async () => toast(String(await confirm({ title: "Delete it?", body: "It is gone then.", action: "Delete", danger: true })))}>Confirm</Button></Stack>
          <Stack row><Badge>plain</Badge><Badge tone="good">good</Badge><Badge tone="warn">warn</Badge><Badge tone="bad">bad</Badge><Badge tone="accent">accent</Badge></Stack>
        </Card>
        <Card title="Fields"><Form onSubmit={() => toast(name)}>
          <Grid><TextField label="Name" value={name} onInput={setName} hint="As colleagues see it" /><TextField label="E-mail" type="email" value="x" onInput={() => {}} error="This is no address" />
            <Select label="Role" value="b" onChange={() => {}} options={[{ value: "a", label: "Admin" }, { value: "b", label: "Редактор статей" }]} /></Grid>
          <TextArea label="Draft" value={draft.text} onInput={draft.set} hint={draft.kept ? "kept" : "as it was"} />
          <Checkbox label="Check" checked onChange={() => {}} hint="With a hint" /><Checkbox toggle label="Switch" checked onChange={() => {}} />
          <Radio label="One of" value="a" onChange={() => {}} options={[{ value: "a", label: "First", hint: "the one" }, { value: "b", label: "Second" }]} />
          <Toolbar><Segments label="Status" value="a" onChange={() => {}} options={[{ value: "a", label: "Open" }, { value: "b", label: "Closed" }]} /></Toolbar></Form></Card>
        <Grid min={200}><Card><Figure value="72 %" label="Accepted" note="5 points more" tone="good" /></Card><Card><Figure value="1 240" label="Tickets" note="this week" /></Card>
          <Card><Figure value={<>3.1 <Sparkline values={[1, 4, 2, 6, 5, 9]} label="trend" /></>} label="Edits" /></Card></Grid>
        <Card><Chart kind="line" title="Learning" series={series} x={{ label: "Week", format: (v) => format.day(v) }} y={{ label: "Accepted", format: (v) => format.percent(v), min: 0, max: 1 }} mark={{ y: 0.7, label: "proficient" }} /></Card>
        <Card class="even"><Chart kind="line" title="Calibration" diagonal series={["All languages", "English"].map((name, k) => ({ name: name + " · 240 judgements", points: Array.from({ length: 41 }, (_, i) => ({ x: i / 40, y: (i / 40) ** (k + 2) })) }))} x={{ label: "Before", format: (v) => format.percent(v), min: 0, max: 1 }} y={{ label: "Right", format: (v) => format.percent(v), min: 0, max: 1 }} /></Card>
        <Card><Chart kind="bars" title="Reasons" series={[{ name: "Tickets", points: ["Доставка", "Возврат", "Оплата", "Очень длинное название"].map((label, x) => ({ x, label, y: 12 - x * 3, lo: 10 - x * 3, hi: 14 - x * 3 })) }]} x={{ label: "Reason" }} y={{ label: "Tickets" }} /></Card>
        <Tabs label="Parts" value={tab} onChange={setTab} tabs={[{ value: "a", label: "First", count: 3 }, { value: "b", label: "Second" }]} /><TabPanel label={tab}>Tab {tab}</TabPanel>
        <Card title="Text"><Splitter name="gallery">{[<Markdown text={text} />, <Stack><Diff before="We refund within 14 days of the return." after="We refund within 10 working days of the return." /><Sides titles={["Before", "After"]} before="a b c" after="a x c" /></Stack>]}</Splitter></Card>
        <Card flush title="Rows"><Table label="Rows" rows={rows} id={(r) => r.id} selected={picked} onSelect={setPicked} onOpen={(r) => toast("open " + r.id)} height="420px"
          columns={[{ key: "name", title: "Name", main: true, cell: (r) => r.name, sort: (a, b) => format.collate(a.name, b.name) }, { key: "n", title: "Number", width: 110, align: "end", cell: (r) => format.number(r.n), sort: (a, b) => a.n - b.n }]} /></Card>
        <Card flush><Table label="None" rows={[] as { id: string }[]} id={(r) => r.id} empty={<Empty title="None yet" action={<Button icon="plus">Add</Button>}>Say why.</Empty>} columns={[{ key: "a", title: "A", cell: () => "" }]} /></Card>
        <Card><Facts items={[["Name", long], ["When", format.dateTime(weeks[3])], ["Took", format.duration(83_000)]]} /><Disclosure title="More">Inside</Disclosure></Card>
        <Card><Loaded of={live}>{(d) => <p id="live">{d.value}</p>}</Loaded></Card>
        <Grid><Card><Forbidden /></Card><Card><Offline /></Card><Card><Failure error={new ApiError("broken", 500, "something went wrong here")} retry={() => {}} /></Card></Grid>
        {open && <Dialog title="A dialog" onClose={() => setOpen(false)} footer={<Button kind="primary" onClick={() => setOpen(false)}>Done</Button>}><TextField label="Inside" value={name} onInput={setName} /></Dialog>}
      </Page>
      <Asking /><Toasts />
    </main>
  );
}

Object.assign(window, { gallery: { api, ApiError, stream, changes, csv, words, format, lang, online, session } });
render(<Gallery />, document.getElementById("app")!);
