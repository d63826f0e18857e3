// Heard.tsx: was the account heard in the last 24 hours? By the samples stored.
import * as fmt from "../format.ts";
import { server_now } from "../clock.ts";
import { prefs } from "../prefs.ts";
import { heard_slots } from "../series.ts";
import type { Row } from "../types.ts";
import { Fetched, list_of, useFetched } from "./fetched.tsx";
import { t } from "../text.tsx";

interface At {
	at_utc: string;
}

const SLOTS = 96; /* a quarter of an hour each */
const SLOT_MS = 900_000;

export function Heard({ row }: { row: Row }) {
	const got = useFetched<unknown>(row, "equity?range=1d", false);
	return <Fetched got={got} what={t("heard")}>{(data) => {
		const list = list_of<At>(data, "equity");
		if (!list)
			return null;
		const from = server_now() - SLOTS * SLOT_MS;
		const slots = heard_slots(list.map((s) => Date.parse(s.at_utc)), from, SLOT_MS, SLOTS);
		const heard = slots.filter((s) => s).length;
		const at = (i: number) => fmt.moment_of(from + i * SLOT_MS, prefs.value.zone,
			fmt.broker_offset(row, from + i * SLOT_MS), "time_minute");
		return <>
			<p class="strip" role="img" aria-label={t("heard.label", { n: heard, all: SLOTS })}>
				{slots.map((n, i) => <span key={i} class={n ? "beat" : "beat none"}
					title={t(n ? "heard.samples" : "heard.none", { n, from: at(i), to: at(i + 1) })} />)}</p>
			<p class="remark">{t("heard.remark", { n: heard, all: SLOTS })}</p>
		</>;
	}}</Fetched>;
}
