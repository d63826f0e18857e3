// update.ts: is the page still the one that the server gives? If not, it offers
// to reload: never by itself, for somebody may be in the midst of an edit.
import { signal } from "@preact/signals";
import { at } from "./api.ts";

export const newer_page = signal(false);

const EVERY_MS = 600_000;

/* The page's files have names of their content (build.mjs). */
function file_of(html: string): string | null {
	return /assets\/app\.[\w-]+\.js/.exec(html)?.[0] ?? null;
}

export async function look_for_update(): Promise<void> {
	const own = document.querySelector<HTMLScriptElement>("script[src*='assets/app.']")?.getAttribute("src");
	if (!own || newer_page.peek() || document.visibilityState === "hidden")
		return;
	try {
		const response = await fetch(at("/") || "./", { cache: "no-store", credentials: "same-origin" });
		const now = response.ok ? file_of(await response.text()) : null;
		if (now !== null && !own.endsWith(now))
			newer_page.value = true;
	} catch {
		/* asked again later */
	}
}

export function start_update(): void {
	setInterval(() => void look_for_update(), EVERY_MS);
}
