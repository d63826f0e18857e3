// badge.ts: the tab says how many alerts there are, or that the data are old.
import { effect } from "@preact/signals";
import { at } from "./api.ts";
import { alerts } from "./alerts.ts";
import { loaded, trusted } from "./state.ts";

/* Files of their own (build.mjs): the content security policy knows no data: URL. */
function icon(old: boolean, n: number): string {
	return at(old ? "/assets/favicon-old.svg" : n ? `/assets/favicon-${Math.min(n, 10)}.svg` :
	    "/favicon.svg");
}

export function start_badge(): void {
	const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
	effect(() => {
		const old = loaded.value && !trusted.value;
		const n = alerts.value.filter((a) => a.level !== "info").length;
		document.title = (old ? "(!) " : n ? `(${n}) ` : "") + "mt5fleet";
		if (link && link.getAttribute("href") !== icon(old, n))
			link.href = icon(old, n);
	});
}
