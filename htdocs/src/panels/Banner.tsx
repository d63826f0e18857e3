// Banner.tsx: how the page hears from the fleet, and what is wrong with that.
import * as fmt from "../format.ts";
import { now } from "../clock.ts";
import { ask_refresh } from "../feed.ts";
import { prefs } from "../prefs.ts";
import { feed, loaded, trust } from "../state.ts";

const link_words = { loading: "loading", live: "live", reconnecting: "reconnecting",
	polling: "polling" };

/* The small sign in the header, always there. */
export function LinkSign() {
	const f = feed.value;
	const bad = loaded.value && trust.value !== "good";
	const word = !bad ? link_words[f.link] :
	    trust.value === "error" ? "server error" : "stale data";
	const zone = prefs.value.zone;
	return <button type="button" class={`link ${bad ? "bad" : f.link}`} onClick={ask_refresh}
		title={f.link === "polling" ? "No live connection: polling every 2 s. Click to refresh now" :
			"Click to refresh now"}>
		<span class="dot" aria-hidden="true" />
		<span class="word" role="status">{word}</span>
		<time title={fmt.zone_name(zone)}>{fmt.clock(f.heard_ms, zone)}</time>
	</button>;
}

function since(ms: number | null): string {
	return ms === null ? "" :
	    ` Last known values below, from ${fmt.clock(ms, prefs.value.zone)} ` +
	    `(${fmt.age(now.value - ms)} ago).`;
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
			<b>Server error{f.error?.status ? ` ${f.error.status}` : ""}:</b>{" "}
			{f.error?.message}.{since(f.heard_ms)}
		</div>;
	case "silent":
		return loaded.value ? <div class="banner bad" role="alert">
			<b>Stale data.</b> The server does not respond.{since(f.heard_ms)}
		</div> : null;
	case "collector_late":
		return <div class="banner bad" role="alert">
			<b>Stale data.</b> {f.collector_age_s === null ? "No collector is running." :
				`The collector has been silent for ${fmt.age(f.collector_age_s * 1000 +
				    now.value - (f.collector_heard_ms ?? 0))}.`}
		</div>;
	}
}
