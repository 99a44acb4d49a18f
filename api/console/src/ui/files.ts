// Files made here for the reader to keep.

/** Hands the reader a file. */
export function save(name: string, type: string, content: string | Blob) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: type + ";charset=utf-8" }));
  const a = document.createElement("a");
  a.href = url;
  a.download = name.replace(/[\\/:*?"<>|\u0000-\u001f]/g, "_");
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Rows as CSV with a byte order mark; what a spreadsheet would run as a formula is text. */
export function csv(rows: (string | number)[][]): string {
  const cell = (v: string | number) => {
    let s = String(v);
    if (typeof v === "string" && /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/.test(s)) s = "'" + s;
    return /[",;\n\r]/.test(s) ? '"' + s.replace(/"/g, '""') + '"' : s;
  };
  return "\ufeff" + rows.map((r) => r.map(cell).join(",")).join("\r\n") + "\r\n";
}

const kept = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap", "stroke-linejoin", "stroke-dasharray", "paint-order", "font-size", "font-family", "font-weight"];

/** A copy of a drawing that looks the same without the console's styles. */
function plain<T extends SVGElement>(svg: T): T {
  const copy = svg.cloneNode(true) as T;
  const from = [svg, ...svg.querySelectorAll("*")];
  const to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((el, i) => {
    const style = getComputedStyle(el);
    for (const k of kept) {
      const v = style.getPropertyValue(k);
      if (v) to[i]?.setAttribute(k, v);
    }
    for (const k of ["class", "tabindex", "role", "aria-label", "aria-hidden"]) to[i]?.removeAttribute(k);
  });
  copy.querySelectorAll("defs:empty").forEach((el) => el.remove());
  return copy;
}

function element<K extends keyof SVGElementTagNameMap>(name: K, attributes: Record<string, string | number>, text?: string): SVGElementTagNameMap[K] {
  const el = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [k, v] of Object.entries(attributes)) el.setAttribute(k, String(v));
  if (text) el.textContent = text;
  return el;
}

/** A drawing as a file of its own: with its title above and, where series are not named in it, its legend below. */
export function svgText(svg: SVGSVGElement, title: string, legend: Element[]): string {
  const { width, height } = svg.viewBox.baseVal;
  const style = getComputedStyle(svg.querySelector("text") ?? document.body), body = getComputedStyle(document.body);
  const ink = { "font-family": style.fontFamily, fill: body.color };
  const top = 40, below = legend.length * 22 + (legend.length > 0 ? 12 : 0);
  const file = element("svg", { xmlns: "http://www.w3.org/2000/svg", width: width + 40, height: height + top + below + 20, viewBox: `-20 ${-top} ${width + 40} ${height + top + below + 20}` });
  file.append(element("title", {}, title), element("rect", { x: -20, y: -top, width: "100%", height: "100%", fill: body.backgroundColor }), element("text", { ...ink, x: 0, y: -14, "font-size": 16, "font-weight": 600 }, title));
  const drawing = plain(svg);
  for (const k of ["width", "height", "viewBox"]) drawing.removeAttribute(k);
  file.append(...drawing.childNodes);
  legend.forEach((el, i) => {
    const y = height + 12 + i * 22;
    const g = element("g", { transform: `translate(0 ${y})` });
    const sample = el.querySelector("svg");
    if (sample) g.append(...plain(sample).childNodes);
    g.append(element("text", { ...ink, x: 40, y: 10, "font-size": 13 }, el.textContent ?? ""));
    file.append(g);
  });
  return new XMLSerializer().serializeToString(file);
}
