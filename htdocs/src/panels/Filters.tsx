// Filters.tsx: search and chips; each chip says how many rows it would show.
import { ShownOf } from "./Tiles.tsx";
import { facet_counts, filter_is_empty, losing_count, type Facet } from "../filter.ts";
import { groupings, type Grouping } from "../group.ts";
import { all_rows, judged_ms } from "../state.ts";
import { status_info, status_rank } from "../status.ts";
import { group_by, set_filter, toggle_facet, view } from "../view.ts";

function label_of(facet: Facet, value: string): string {
	if (facet === "status")
		return status_info(value).label;
	return value === "none" ? `no ${facet}` : value;
}

function ordered(facet: Facet, values: string[]): string[] {
	return facet === "status" ? values.sort((a, b) => status_rank(b) - status_rank(a)) :
	    values.sort((a, b) => a === "none" ? 1 : b === "none" ? -1 : a.localeCompare(b));
}

function Chips({ facet, name }: { facet: Facet; name: string }) {
	const f = view.value.filter;
	const counts = facet_counts(all_rows.value, f, facet, judged_ms.value);
	if (counts.size < 2 && f[facet].length === 0)
		return null; /* one value: nothing to choose */
	return <div class="chips" role="group" aria-label={name}>
		{ordered(facet, [...counts.keys()]).map((value) =>
			<button type="button" key={value} class="chip" aria-pressed={f[facet].includes(value)}
				onClick={() => toggle_facet(facet, value)}>
				{label_of(facet, value)} <span class="n">{counts.get(value)}</span>
			</button>)}
	</div>;
}

const group_words = { none: "no groups", phase: "by phase", broker: "by broker",
	firm: "by prop firm", node: "by VPS" };

function GroupBy() {
	return <select class="group" aria-label="Group" value={view.value.group}
		onChange={(e) => group_by(e.currentTarget.value as Grouping)}>
		{groupings.map((g) => <option key={g} value={g}>{group_words[g]}</option>)}
	</select>;
}

export function Filters() {
	const f = view.value.filter;
	const losing = losing_count(all_rows.value, f, judged_ms.value);
	return <section class="filters" aria-label="Filter">
		<input type="search" id="search" placeholder="Search  /" aria-label="Search accounts"
			autocomplete="off" spellcheck={false} value={f.q}
			onInput={(e) => set_filter({ q: e.currentTarget.value }, false)} />
		<Chips facet="status" name="Status" />
		<Chips facet="phase" name="Phase" />
		<Chips facet="mode" name="Type" />
		<Chips facet="currency" name="Currency" />
		<button type="button" class="chip" aria-pressed={f.losing}
			onClick={() => set_filter({ losing: !f.losing })}>
			losing <span class="n">{losing}</span>
		</button>
		{!filter_is_empty(f) &&
			<ShownOf />}
		<GroupBy />
	</section>;
}
