package e2e

// clipped is an expression for the texts that cannot be read whole: cut off by
// their box, or running out of a button, a tab, a head or a badge. What people
// wrote may be cut where its row or its link opens it, and anything where a
// title has it whole.
const clipped = `(() => {
	const out = [];
	const own = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
	const squeezed = (e) => e.matches("td, th") && !e.querySelector("button, input") && e.clientWidth < 44 && e.scrollWidth > e.clientWidth;
	const told = (e) => e.closest("[title]") || e.querySelector("[title]");
	for (const e of document.body.querySelectorAll("*")) {
		const text = e.textContent.trim();
		if (!text || e.closest("script, style, title, textarea, pre, option, select, .hidden, [hidden]") || !e.checkVisibility({ visibilityProperty: true })) continue;
		const style = getComputedStyle(e);
		const wide = e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && style.display !== "inline", high = e.scrollHeight > e.clientHeight + 2 && e.clientHeight > 0;
		const cuts = ["hidden", "clip"].includes(style.overflowX) && wide || ["hidden", "clip"].includes(style.overflowY) && high && style.webkitLineClamp !== "none";
		const spills = wide && style.overflowX === "visible" && e.matches("button, .button, .badge, th, [role=tab], h1, h2, h3, label, .figure-value, .segment");
		if (squeezed(e)) out.push("squeezed: " + JSON.stringify(text.slice(0, 60)) + " in " + e.clientWidth);
		if (e.matches(".chart text")) {
			const r = e.getBoundingClientRect(), box = e.ownerSVGElement.getBoundingClientRect();
			if (r.right > box.right + 1 || r.left < box.left - 1) out.push("runs out of its chart: " + JSON.stringify(text));
			if (text.endsWith("…") && !e.closest('[dir="auto"]')) out.push("cut off in a chart: " + JSON.stringify(text));
			continue;
		}
		if (e.matches('[aria-current="page"]') && e.closest(".strip")) {
			const r = e.getBoundingClientRect(), box = e.closest(".strip").getBoundingClientRect();
			if (r.right > box.right + 1 || r.left < box.left - 1) out.push("out of sight: " + JSON.stringify(text));
		}
		if (!cuts && !spills || told(e)) continue;
		const theirs = e.closest('[dir="auto"], bdi') || e.querySelector('[dir="auto"], bdi');
		if (cuts && theirs && e.closest("tr.opens, a[href], li button, [role=option]")) continue;
		if (cuts && !own(e) && ![...e.querySelectorAll("*")].some((x) => own(x) && getComputedStyle(x).overflowX === "visible" && x.getBoundingClientRect().right > e.getBoundingClientRect().right + 1)) continue;
		out.push((cuts ? "cut off: " : "runs out: ") + e.tagName.toLowerCase() + "." + [...e.classList].join(".") + " " + JSON.stringify(text.slice(0, 80)) + " " + e.scrollWidth + " in " + e.clientWidth);
	}
	return [...new Set(out)].slice(0, 12);
})()`

// whole reports what on the page is cut off.
func (b *browser) whole(name string) {
	b.t.Helper()
	for _, x := range eval[[]string](b, clipped) {
		b.t.Errorf("%s: %s", name, x)
	}
}
