// Heard.tsx: was the account heard in the last 24 hours? By the samples stored.
import * as fmt from "../format.ts";
import { server_now } from "../clock.ts";
import { prefs } from "../prefs.ts";
import { heard_slots } from "../series.ts";
import type { Row } from "../types.ts";
import { Fetched, list_of, useFetched } from "./fetched.tsx";

interface At {
	at_utc: string;
}

const SLOTS = 96; /* a quarter of an hour each */
const SLOT_MS = 900_000;

export function Heard({ row }: { row: Row }) {
	const got = useFetched<unknown>(row, "equity?range=1d", false);
	return <Fetched got={got} what="The last 24 hours">{(data) => {
		const list = list_of<At>(data, "equity");
		if (!list)
			return null;
		const from = server_now() - SLOTS * SLOT_MS;
		const slots = heard_slots(list.map((s) => Date.parse(s.at_utc)), from, SLOT_MS, SLOTS);
		const heard = slots.filter((s) => s).length;
		const at = (i: number) => fmt.moment(from + i * SLOT_MS, prefs.value.zone,
			row.broker_offset_s, false).slice(11);
		return <>
			<p class="strip" role="img" aria-label={`Samples stored in ${heard} of ${SLOTS} quarter hours`}>
				{slots.map((n, i) => <span key={i} class={n ? "beat" : "beat none"}
					title={`${at(i)} – ${at(i + 1)}: ${n ? `${n} samples` : "no samples"}`} />)}</p>
			<p class="remark">Last 24 h, a mark for each quarter of an hour: samples were stored
				in {heard} of {SLOTS}. Before it was first seen, or while no collector ran,
				there are none either.</p>
		</>;
	}}</Fetched>;
}
