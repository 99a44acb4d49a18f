// The page is made from /openapi.json and from nothing else.
"use strict";

const labels = {
  en: {
    skip: "Skip to the text", api: "API", key: "Key", contents: "Contents", loading: "Loading…", failed: "The description could not be loaded.",
    overview: "Overview", description: "OpenAPI", roles: "Roles:", path: "Path", query: "Query", header: "Headers", body: "Body", line: "each line",
    response: "Response", fields: "Fields", required: "required", oneOf: "one of", standard: "default", example: "Example", request: "Request", reply: "Example response",
    copy: "Copy", copied: "Copied", tryIt: "Try it", send: "Send", sending: "Sending…", noKey: "Put a key into the field at the top first.",
    problems: "Problems", atMost: "at most", atLeast: "at least", characters: "characters", items: "items", object: "object", or: "or",
  },
  ru: {
    skip: "К тексту", api: "API", key: "Ключ", contents: "Содержание", loading: "Загрузка…", failed: "Не удалось загрузить описание.",
    overview: "Обзор", description: "OpenAPI", roles: "Роли:", path: "Путь", query: "Параметры запроса", header: "Заголовки", body: "Тело", line: "каждая строка",
    response: "Ответ", fields: "Поля", required: "обязательно", oneOf: "одно из", standard: "по умолчанию", example: "Пример", request: "Запрос", reply: "Пример ответа",
    copy: "Копировать", copied: "Скопировано", tryIt: "Попробовать", send: "Отправить", sending: "Отправка…", noKey: "Сначала впишите ключ в поле наверху.",
    problems: "Ошибки", atMost: "не больше", atLeast: "не меньше", characters: "символов", items: "элементов", object: "объект", or: "или",
  },
};

// Whoever comes from the console reads on in its language.
let language = localStorage.getItem("language") || localStorage.getItem("whetstone.lang") || (navigator.language.startsWith("ru") ? "ru" : "en");
let spec = null;

const say = (name) => labels[language][name];

// el makes an element: attributes first, then what it holds.
function el(name, attributes = {}, ...held) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
    else if (value !== undefined) node.setAttribute(key, value);
  }
  node.append(...held.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

// prose turns the Markdown of descriptions, paragraphs and `code`, into elements.
function prose(text, name = "p", attributes = {}) {
  return (text || "").split(/\n\n+/).filter(Boolean).map((paragraph) =>
    el(name, attributes, paragraph.split("`").map((part, i) => (i % 2 ? el("code", {}, part) : part))));
}

const resolve = (schema) => (schema && schema.$ref ? spec.components.schemas[schema.$ref.split("/").pop()] : schema) || {};

function typeName(schema) {
  if (schema.anyOf) return schema.anyOf.map(typeName).join(` ${say("or")} `);
  const s = resolve(schema);
  const types = [].concat(s.type || "object");
  return types.map((type) => {
    if (type === "array") return typeName(s.items || {}) + "[]";
    if (type === "object") return s.properties ? say("object") : `{…: ${s.additionalProperties ? typeName(s.additionalProperties) : "any"}}`;
    return s.format === "date-time" ? "date-time" : type;
  }).join(` ${say("or")} `);
}

// inside returns the object that a schema is, holds or may be.
function inside(schema) {
  if (schema.anyOf) return schema.anyOf.map(inside).find(Boolean);
  const s = resolve(schema);
  if (s.properties) return s;
  return s.items ? inside(s.items) : undefined;
}

function limits(schema) {
  const s = resolve(schema);
  const said = [];
  if (s.enum) said.push(`${say("oneOf")} ${s.enum.filter((v) => v !== null).join(", ")}`);
  if (s.default !== undefined) said.push(`${say("standard")} ${s.default}`);
  if (s.minimum !== undefined) said.push(`${say("atLeast")} ${s.minimum}`);
  if (s.maximum !== undefined) said.push(`${say("atMost")} ${s.maximum}`);
  if (s.maxLength !== undefined) said.push(`${say("atMost")} ${s.maxLength} ${say("characters")}`);
  if (s.maxItems !== undefined) said.push(`${say("atMost")} ${s.maxItems} ${say("items")}`);
  return said.length ? el("p", { class: "doc limits" }, said.join(" · ")) : null;
}

function field(name, schema, { required, doc } = {}) {
  const nested = inside(schema);
  return el("li", {},
    el("div", { class: "field" }, el("code", {}, name), el("span", { class: "type" }, typeName(schema)),
      required ? el("span", { class: "must" }, say("required")) : null),
    prose(doc || schema.description || resolve(schema).description, "p", { class: "doc" }),
    limits(schema), nested ? fields(nested) : null);
}

function fields(schema) {
  const must = schema.required || [];
  const names = Object.keys(schema.properties);
  names.sort((a, b) => must.includes(b) - must.includes(a));
  return el("ul", { class: "fields" }, names.map((name) => field(name, schema.properties[name], { required: must.includes(name) })));
}

function parameters(op, place) {
  const found = (op.parameters || []).filter((p) => p.in === place);
  if (!found.length) return [];
  return [el("h4", {}, say(place)), el("ul", { class: "fields" },
    found.map((p) => field(p.name, p.schema || {}, { required: p.required, doc: p.description })))];
}

function bodyFields(op) {
  if (!op.requestBody) return [];
  const [kind, media] = Object.entries(op.requestBody.content)[0];
  const schema = inside(media.schema);
  return [el("h4", {}, `${say("body")} `, el("code", {}, kind), kind.includes("ndjson") ? ` ${say("line")}` : ""), schema ? fields(schema) : null];
}

function responses(op) {
  const good = [], bad = [];
  for (const [status, response] of Object.entries(op.responses)) {
    if (status >= "400") {
      bad.push(el("li", { class: "bad" }, el("b", {}, status), response.description));
      continue;
    }
    const kinds = Object.entries(response.content || {});
    const schema = kinds.map(([, media]) => inside(media.schema)).find(Boolean);
    good.push(el("li", {}, el("b", {}, status), response.description || "", " ", kinds.map(([kind]) => [el("code", {}, kind), " "]),
      schema ? el("details", {}, el("summary", {}, say("fields")), fields(schema)) : null));
  }
  return [el("h4", {}, say("response")), el("ul", { class: "statuses" }, good),
    el("details", {}, el("summary", {}, `${say("problems")} (application/problem+json)`), el("ul", { class: "statuses" }, bad))];
}

function exampleOf(op) {
  if (!op.requestBody) return "";
  const media = Object.values(op.requestBody.content)[0];
  if (media.example === undefined) return "{}";
  return typeof media.example === "string" ? media.example.trim() : JSON.stringify(media.example, null, 2);
}

const kindOf = (op) => (op.requestBody ? Object.keys(op.requestBody.content)[0] : "");

function curl(method, path, op) {
  const filled = path.replace("{id}", path.includes("cases") ? "case-1" : path.includes("articles") ? "returns" : "ID").replace("{name}", "default");
  const parts = [`curl ${method === "get" || (method === "post" && op.requestBody) ? "" : `-X ${method.toUpperCase()} `}${location.origin}${filled}`,
    `-H "Authorization: Bearer $WHETSTONE_KEY"`];
  if (op.requestBody) {
    parts.push(`-H 'Content-Type: ${kindOf(op)}'`);
    parts.push(`${kindOf(op).includes("ndjson") ? "--data-binary" : "-d"} '${exampleOf(op).replaceAll("'", "'\\''")}'`);
  }
  return parts.join(" \\\n  ");
}

function copyButton(text) {
  const button = el("button", { type: "button", on: { click: async () => {
    await navigator.clipboard.writeText(text());
    button.textContent = say("copied");
    setTimeout(() => { button.textContent = say("copy"); }, 1500);
  } } }, say("copy"));
  return navigator.clipboard ? button : "";
}

function box(title, text, style) {
  return el("div", { class: "box" }, el("div", {}, el("span", {}, title), copyButton(() => text)), el("pre", { class: style, tabindex: "0", "aria-label": title }, text));
}

// attempt is a small form that makes the call with what is filled in.
function attempt(method, path, op) {
  const inputs = (op.parameters || []).filter((p) => p.in !== "header").map((p) => ({ p, input: el("input", { name: p.name, spellcheck: "false", autocomplete: "off" }) }));
  const body = op.requestBody ? el("textarea", { "aria-label": say("body"), spellcheck: "false" }) : null;
  if (body) body.value = exampleOf(op);
  const output = el("div", { "aria-live": "polite" });
  const send = async (event) => {
    event.preventDefault();
    const key = document.getElementById("key").value.trim();
    if (!key) {
      output.replaceChildren(el("p", { class: "doc" }, say("noKey")));
      document.getElementById("key").focus();
      return;
    }
    let url = path;
    const query = new URLSearchParams();
    for (const { p, input } of inputs) {
      if (p.in === "path") url = url.replace(`{${p.name}}`, encodeURIComponent(input.value));
      else if (input.value) query.set(p.name, input.value);
    }
    if ([...query].length) url += `?${query}`;
    output.replaceChildren(el("p", { class: "doc" }, say("sending")));
    try {
      const headers = { Authorization: `Bearer ${key}` };
      if (body) headers["Content-Type"] = kindOf(op);
      const response = await fetch(url, { method: method.toUpperCase(), headers, body: body ? body.value : undefined });
      const text = await response.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* lines, or nothing */ }
      output.replaceChildren(box(`${response.status} ${response.statusText}`, shown || " ", "tall"));
    } catch (error) {
      output.replaceChildren(el("p", { class: "doc" }, String(error)));
    }
  };
  return el("details", { class: "try" }, el("summary", {}, say("tryIt")),
    el("form", { on: { submit: send } }, inputs.map(({ p, input }) => el("label", {}, p.name, input)), body,
      el("button", { type: "submit" }, say("send")), output));
}

function operation(path, method, op) {
  const made = Object.values(op.responses)[0];
  const example = made && made.content && made.content["application/json"] && made.content["application/json"].example;
  return el("article", { id: op.operationId },
    el("div", {},
      el("h3", {}, el("a", { href: `#${op.operationId}` }, op.summary)),
      el("p", { class: "call" }, el("span", { class: `verb ${method}` }, method),
        el("span", { class: "path" }, path.split(/(\{\w+\})/).map((part) => (part.startsWith("{") ? el("b", {}, part) : part)))),
      el("p", { class: "roles" }, say("roles"), " ", (op["x-roles"] || []).map((role) => el("span", {}, role))),
      prose(op.description), ["path", "query", "header"].map((place) => parameters(op, place)), bodyFields(op), responses(op)),
    el("div", { class: "side" }, box(say("request"), curl(method, path, op)),
      example ? box(say("reply"), JSON.stringify(example, null, 2), "tall") : null, attempt(method, path, op)));
}

function grouped() {
  const groups = new Map((spec.tags || []).map((tag) => [tag.name, { ...tag, calls: [] }]));
  const order = ["get", "put", "patch", "post", "delete"];
  for (const [path, operations] of Object.entries(spec.paths)) {
    for (const method of order.filter((m) => operations[m])) groups.get(operations[method].tags[0]).calls.push([path, method, operations[method]]);
  }
  const depth = ([path]) => path.split("/").length;
  for (const group of groups.values()) group.calls.sort((a, b) => depth(a) - depth(b) || (a[1] === "post") - (b[1] === "post"));
  return [...groups.values()].filter((group) => group.calls.length);
}

function render() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-label]")) node.textContent = say(node.dataset.label);
  const button = document.getElementById("language");
  button.textContent = language === "ru" ? "EN" : "RU";
  button.lang = language === "ru" ? "en" : "ru";
  button.setAttribute("aria-label", language === "ru" ? "English" : "Русский");
  if (!spec) return;
  const groups = grouped();
  document.getElementById("version").textContent = spec.info.version;
  document.getElementById("nav").replaceChildren(el("h2", {}, say("overview")), el("ul", {}, el("li", {}, el("a", { href: "#top" }, spec.info.title))),
    ...groups.flatMap((group) => [el("h2", {}, group.name), el("ul", {}, group.calls.map(([, method, op]) =>
      el("li", {}, el("a", { href: `#${op.operationId}` }, el("span", { class: `verb ${method}` }, method), op.summary))))]));
  document.getElementById("main").replaceChildren(el("h1", {}, `${spec.info.title} ${say("api")}`),
    el("div", { class: "intro" }, prose(spec.info.description),
      el("ul", { class: "links" }, ["/openapi.json", "/openapi.yaml", "/healthz", "/readyz", "/metrics"].map((href) => el("li", {}, el("a", { href }, href))))),
    ...groups.flatMap((group) => [el("h2", { id: `tag-${group.name}` }, group.name), ...prose(group.description, "p", { class: "tagline" }),
      ...group.calls.map(([path, method, op]) => operation(path, method, op))]));
}

async function start() {
  const narrow = matchMedia("(max-width: 820px)");
  const contents = document.getElementById("contents");
  const arrange = () => { contents.open = !narrow.matches; };
  arrange();
  narrow.addEventListener("change", arrange);
  document.getElementById("nav").addEventListener("click", () => { if (narrow.matches) contents.open = false; });
  document.getElementById("language").addEventListener("click", () => {
    language = language === "ru" ? "en" : "ru";
    localStorage.setItem("language", language);
    render();
  });
  render();
  try {
    const response = await fetch("/openapi.json");
    spec = await response.json();
    render();
  } catch (error) {
    document.getElementById("main").replaceChildren(el("p", { class: "lead" }, say("failed")));
    throw error;
  }
  // What the address names was not there when the browser looked for it.
  const named = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named) named.scrollIntoView();
}

start();
