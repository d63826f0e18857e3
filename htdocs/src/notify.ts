// notify.ts: the browser's own notifications, for the kinds that were asked for.
import { effect, signal, untracked } from "@preact/signals";
import { at } from "./api.ts";
import { alerts, type Alert } from "./alerts.ts";
import { prefs, set_pref } from "./prefs.ts";
import { loaded, trust } from "./state.ts";
import { t } from "./text.tsx";

export const kinds = ["notify_down", "notify_rules", "notify_phases", "notify_data"] as const;
export type Kind = typeof kinds[number];

/* What the browser says to it: "denied" can only be undone in its settings. */
export const permission = signal<NotificationPermission | "unsupported">(
	"Notification" in globalThis ? Notification.permission : "unsupported");

export async function ask_for(kind: Kind, on: boolean): Promise<void> {
	set_pref(kind, on);
	if (on && permission.peek() === "default")
		permission.value = await Notification.requestPermission();
}

function kind_of(a: Alert): Kind {
	return a.key.startsWith("status/") ? "notify_down" : a.key.startsWith("rule/") ?
	    "notify_rules" : "notify_phases";
}

/* Each account under an alert by itself: one more is news, one less is not. */
export function parts_of(a: Pick<Alert, "key" | "about">): string[] {
	return a.about ? a.about.map((key) => `${a.key.split("/").slice(0, 2).join("/")}/${key}`) : [a.key];
}

function tell(title: string, body: string, tag: string): void {
	try {
		const n = new Notification(title, { body, tag, icon: at("/favicon.svg") });
		n.onclick = () => { window.focus(); n.close(); };
	} catch {
		/* some phones allow them to service workers only */
	}
}

let told: Set<string> | null = null;

function look(list: Alert[]): void {
	const known = told;
	told = new Set(list.flatMap(parts_of));
	if (known === null)
		return; /* what was there when the page came is on the page */
	for (const a of list)
		if (prefs.peek()[kind_of(a)] && a.level !== "info" &&
		    parts_of(a).some((part) => !known.has(part)))
			tell("mt5fleet", a.text, a.key);
}

export function start_notify(): void {
	effect(() => {
		const list = alerts.value;
		if (loaded.value && trust.value === "good")
			untracked(() => look(list));
	});
	let was = trust.peek();
	effect(() => {
		const is = trust.value;
		if (loaded.peek() && is !== "good" && was === "good" && prefs.peek().notify_data)
			tell(t("notify.stale_title"), t("notify.stale"), "data");
		was = is;
	});
}
