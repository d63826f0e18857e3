// Banner.tsx: how the page hears from the fleet, and what is wrong with that.
import * as fmt from "../format.ts";
import { now } from "../clock.ts";
import { ask_refresh } from "../feed.ts";
import { prefs } from "../prefs.ts";
import { feed, loaded, trust } from "../state.ts";
import { t } from "../text.tsx";

/* The small sign in the header, always there. */
export function LinkSign() {
	const f = feed.value;
	const bad = loaded.value && trust.value !== "good";
	const word = t(!bad ? `link.${f.link}` :
	    trust.value === "error" ? "link.error" : "link.stale");
	const zone = prefs.value.zone;
	return <button type="button" class={`link ${bad ? "bad" : f.link}`} onClick={ask_refresh}
		title={t(f.link === "polling" ? "link.polling_title" : "link.refresh")}>
		<span class="dot" aria-hidden="true" />
		<span class="word" role="status">{word}</span>
		<time title={fmt.zone_name(zone)}>{fmt.clock(f.heard_ms, zone)}</time>
	</button>;
}

function since(ms: number | null): string {
	return ms === null ? "" : " " + t("banner.since",
		{ at: fmt.clock(ms, prefs.value.zone), age: fmt.age(now.value - ms) });
}

/* The wide strip, there only when what is shown is not of now. */
export function Banner() {
	const f = feed.value;
	switch (trust.value) {
	case "good":
		return null;
	case "error":
		if (f.error?.status === 401)
			return null; /* the log-in panel says it */
		return <div class="banner bad" role="alert">
			<b>{f.error?.status ? t("banner.error_status", { status: String(f.error.status) }) :
				t("banner.error")}</b>{" "}
			{f.error?.message}.{since(f.heard_ms)}
		</div>;
	case "silent":
		return loaded.value ? <div class="banner bad" role="alert">
			<b>{t("banner.stale")}</b> {t("banner.silent")}{since(f.heard_ms)}
		</div> : null;
	case "collector_late":
		return <div class="banner bad" role="alert">
			<b>{t("banner.stale")}</b> {f.collector_age_s === null ? t("banner.no_collector") :
				t("banner.collector", { age: fmt.age(f.collector_age_s * 1000 +
				    now.value - (f.collector_heard_ms ?? 0)) })}
		</div>;
	}
}
