// Filters.tsx: search and chips; each chip says how many rows it would show.
import { ShownOf } from "./Tiles.tsx";
import { facet_counts, facets, filter_is_empty, losing_count, type Facet } from "../filter.ts";
import { groupings, type Grouping } from "../group.ts";
import { all_rows, judged_ms } from "../state.ts";
import { status_info, status_rank } from "../status.ts";
import { group_by, set_filter, toggle_facet, view } from "../view.ts";
import { t, word } from "../text.tsx";

export function facet_label(facet: Facet, value: string): string {
	if (facet === "status")
		return status_info(value).label;
	return value === "none" ? t(`filter.no_${facet}`) : facet === "mode" ? word("mode", value) : value;
}

function ordered(facet: Facet, values: string[]): string[] {
	return facet === "status" ? values.sort((a, b) => status_rank(b) - status_rank(a)) :
	    values.sort((a, b) => a === "none" ? 1 : b === "none" ? -1 : a.localeCompare(b));
}

function Chips({ facet }: { facet: Facet }) {
	const f = view.value.filter;
	const counts = facet_counts(all_rows.value, f, facet, judged_ms.value);
	if (counts.size < 2 && f[facet].length === 0)
		return null; /* one value: nothing to choose */
	return <div class="chips" role="group" aria-label={t(`filter.${facet}`)}>
		{ordered(facet, [...counts.keys()]).map((value) =>
			<button type="button" key={value} class="chip" aria-pressed={f[facet].includes(value)}
				onClick={() => toggle_facet(facet, value)}>
				{facet_label(facet, value)} <span class="n">{counts.get(value)}</span>
			</button>)}
	</div>;
}

function GroupBy() {
	return <select class="group" aria-label={t("group")} value={view.value.group}
		onChange={(e) => group_by(e.currentTarget.value as Grouping)}>
		{groupings.map((g) => <option key={g} value={g}>{t(`group.${g}`)}</option>)}
	</select>;
}

export function Filters() {
	const f = view.value.filter;
	const losing = losing_count(all_rows.value, f, judged_ms.value);
	return <section class="filters" aria-label={t("filter")}>
		<input type="search" id="search" placeholder={t("filter.search")} aria-label={t("filter.search_label")}
			autocomplete="off" spellcheck={false} value={f.q}
			onInput={(e) => set_filter({ q: e.currentTarget.value }, false)} />
		{facets.map((facet) => <Chips key={facet} facet={facet} />)}
		<button type="button" class="chip" aria-pressed={f.losing}
			onClick={() => set_filter({ losing: !f.losing })}>
			{t("filter.losing")} <span class="n">{losing}</span>
		</button>
		{!filter_is_empty(f) &&
			<ShownOf />}
		<GroupBy />
	</section>;
}
