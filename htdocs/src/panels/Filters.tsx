// Filters.tsx: search and chips; each chip says how many rows it would show.
import { signal } from "@preact/signals";
import { column_is_shown, columns } from "../columns.tsx";
import * as fmt from "../format.ts";
import { counts_of, facets, filter_is_empty, type Counts, type Facet } from "../filter.ts";
import { NEAR } from "../limits.ts";
import { groupings, type Grouping } from "../group.ts";
import { narrow } from "../screen.ts";
import { all_rows, judged_ms } from "../state.ts";
import { status_info, status_rank } from "../status.ts";
import { clear_filter, group_by, set_filter, shown_rows, sort_as, sort_by, toggle_facet, view } from "../view.ts";
import { close_on_leave } from "./Display.tsx";
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

/* More values than that are a list to be opened. */
const MOST_CHIPS = 6;

function Chips({ facet, of }: { facet: Facet; of: Counts }) {
	const f = view.value.filter;
	const counts = of.facets[facet];
	if (counts.size < 2 && f[facet].length === 0)
		return null; /* one value: nothing to choose */
	if (counts.size > MOST_CHIPS)
		return <Menu facet={facet} of={of} />;
	return <div class="chips" role="group" aria-label={t(`filter.${facet}`)}>
		{ordered(facet, [...counts.keys()]).map((value) =>
			<button type="button" key={value} class="chip" aria-pressed={f[facet].includes(value)}
				onClick={() => toggle_facet(facet, value)}>
				{facet_label(facet, value)} <span class="n">{counts.get(value)}</span>
			</button>)}
	</div>;
}

/* The same in a list that opens: for what is chosen more rarely. */
function Menu({ facet, of }: { facet: Facet; of: Counts }) {
	const name = t(`filter.${facet}`);
	const f = view.value.filter;
	const counts = of.facets[facet];
	if (counts.size < 2 && f[facet].length === 0)
		return null;
	const chosen = f[facet].length;
	return <details class="menu facet" onFocusOut={close_on_leave}>
		<summary class={chosen ? "chip on" : "chip"}>{name}{chosen > 0 && <b>{" "}{chosen}</b>} ▾</summary>
		<div class="panel" role="group" aria-label={name}>
			{ordered(facet, [...counts.keys()]).map((value) => <label key={value} class="choice">
				<span><input type="checkbox" checked={f[facet].includes(value)}
					onChange={() => toggle_facet(facet, value)} /> <bdi>{facet_label(facet, value)}</bdi></span>
				<span class="n">{counts.get(value)}</span></label>)}
		</div>
	</details>;
}

function GroupBy() {
	return <select class="group" aria-label={t("group")} value={view.value.group}
		onChange={(e) => group_by(e.currentTarget.value as Grouping)}>
		{groupings.map((g) => <option key={g} value={g}>{t(`group.${g}`)}</option>)}
	</select>;
}

function Search() {
	return <input type="search" id="search" placeholder={t("filter.search")} aria-label={t("filter.search_label")}
		autocomplete="off" spellcheck={false} value={view.value.filter.q}
		onInput={(e) => set_filter({ q: e.currentTarget.value }, false)} />;
}

function Choices() {
	const f = view.value.filter;
	const of = counts_of(all_rows.value, f, judged_ms.value);
	return <>
		<Chips facet="status" of={of} />
		<Chips facet="phase" of={of} />
		<Chips facet="mode" of={of} />
		<Chips facet="currency" of={of} />
		<Chips facet="broker" of={of} />
		<Menu facet="firm" of={of} />
		<Menu facet="holder" of={of} />
		{f.node.length > 0 && <Menu facet="node" of={of} />}
		<button type="button" class="chip" aria-pressed={f.losing}
			onClick={() => set_filter({ losing: !f.losing })}>
			{t("filter.losing")} <span class="n">{of.losing}</span>
		</button>
		{(of.near > 0 || f.near) && <button type="button" class="chip" aria-pressed={f.near}
			title={t("filter.near_title", { share: fmt.percent(NEAR * 100, 0) })}
			onClick={() => set_filter({ near: !f.near })}>
			{t("filter.near")} <span class="n">{of.near}</span></button>}
		{!filter_is_empty(f) && <ShownOf />}
	</>;
}

/* The headings of the table, where there are none. */
function SortBy() {
	const { sort, direction } = view.value;
	const shown = columns.filter((c) => column_is_shown(c) && c.id !== "spark" || c.id === sort);
	return <span class="sort">
		<select aria-label={t("filter.sort")} value={sort} onChange={(e) => sort_by(e.currentTarget.value)}>
			{shown.map((c) => <option key={c.id} value={c.id}>{t(c.label)}</option>)}</select>
		<button type="button" aria-label={t("filter.flip")}
			onClick={() => sort_as(sort, direction === "asc" ? "desc" : "asc")}>
			{direction === "asc" ? "↑" : "↓"}</button>
	</span>;
}

const opened = signal(false);

export function Filters() {
	if (!narrow.value)
		return <section class="filters" aria-label={t("filter")}><Search /><Choices /><GroupBy /></section>;
	const f = view.value.filter;
	const n = facets.reduce((sum, facet) => sum + f[facet].length, 0) + Number(f.losing) + Number(f.near);
	return <section class="filters" aria-label={t("filter")}>
		<SortBy />
		<button type="button" class={n ? "on" : ""} aria-expanded={opened.value}
			onClick={() => { opened.value = !opened.peek(); }}>{t("filter.open")}{n > 0 && <b> {n}</b>}</button>
		<Search />
		{opened.value && <div class="opened"><Choices /></div>}
		{!opened.value && !filter_is_empty(f) && <ShownOf />}
	</section>;
}

/* That the figures are of some accounts only. */
function ShownOf() {
	const rows = shown_rows.value;
	if (rows.length === all_rows.value.length)
		return null;
	return <p class="of">
		{t("tiles.shown", { n: rows.length, all: all_rows.value.length })}{" "}
		<button type="button" class="plain" onClick={clear_filter}>{t("tiles.show_them")}</button>
	</p>;
}
