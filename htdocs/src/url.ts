// url.ts: what is shown ↔ the address after '#', so a link shows the same. Pure.
import { facets, no_filter, type Filter } from "./filter.ts";
import { groupings, type Grouping } from "./group.ts";
import type { Direction } from "./sort.ts";

export const tabs = ["positions", "orders", "equity", "statistics", "trades",
	"cashflows", "phases", "account", "connection"] as const;
export type Tab = typeof tabs[number];

export const admin_sections = ["users", "nodes", "rules", "audit"] as const;
export type AdminSection = typeof admin_sections[number];

/* Other views of the same accounts, in place of the table. */
export const panels = ["exposure", "business"] as const;
export type Panel = typeof panels[number];

export interface Open {
	server: string;
	login: string;
	tab: Tab;
	range?: string; /* of the equity curve, where it is not the first */
}

export interface View {
	filter: Filter;
	sort: string;
	direction: Direction;
	group: Grouping;
	open: Open | null;
	admin: AdminSection | null; /* in place of the table */
	panel: Panel | null; /* so too */
}

export const first_view: View =
	{ filter: no_filter, sort: "profit", direction: "desc", group: "none", open: null, admin: null,
	  panel: null };

function tab_from(word: string | undefined): Tab {
	return (tabs as readonly string[]).includes(word ?? "") ? word as Tab : "positions";
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/* A firm may be called "Smith, Jones": what separates must not stand in a value. */
function no_comma(value: string): string {
	return value.replaceAll("%", "%25").replaceAll(",", "%2C");
}

function open_from(path: string): Open | null {
	const [a, server, login, tab, range] = path.split("/").filter(Boolean);
	if (a !== "a" || !server || !login)
		return null;
	return { server: decode(server), login: decode(login), tab: tab_from(tab),
		...range && /^\w{1,8}$/.test(range) && { range } };
}

function admin_from(path: string): AdminSection | null {
	const [a, section] = path.split("/").filter(Boolean);
	return a === "admin" ? admin_sections.find((s) => s === section) ?? "users" : null;
}

function panel_from(path: string): Panel | null {
	const [a] = path.split("/").filter(Boolean);
	return panels.find((p) => p === a) ?? null;
}

/* A mistyped address shows the plain view, never an error. */
export function view_from(hash: string): View {
	const [path = "", query = ""] = hash.replace(/^#/, "").split("?", 2);
	const p = new URLSearchParams(query);
	const filter: Filter = { ...no_filter, q: p.get("q") ?? "",
		losing: p.get("losing") === "1", near: p.get("near") === "1" };
	for (const facet of facets)
		filter[facet] = (p.get(facet) ?? "").split(",").filter(Boolean).map(decode);
	return {
		filter,
		sort: p.get("sort") ?? first_view.sort,
		direction: p.get("dir") === "asc" ? "asc" : "desc",
		group: groupings.find((g) => g === p.get("group")) ?? "none",
		open: open_from(path),
		admin: admin_from(path),
		panel: panel_from(path),
	};
}

export function hash_of(view: View): string {
	const p = new URLSearchParams();
	if (view.filter.q)
		p.set("q", view.filter.q);
	for (const facet of facets)
		if (view.filter[facet].length)
			p.set(facet, view.filter[facet].map(no_comma).join(","));
	if (view.filter.losing)
		p.set("losing", "1");
	if (view.filter.near)
		p.set("near", "1");
	if (view.sort !== first_view.sort)
		p.set("sort", view.sort);
	if (view.direction !== first_view.direction)
		p.set("dir", view.direction);
	if (view.group !== "none")
		p.set("group", view.group);
	const o = view.open;
	const path = o ? `/a/${encodeURIComponent(o.server)}/${encodeURIComponent(o.login)}` +
	    (o.tab === "positions" && !o.range ? "" : "/" + o.tab) + (o.range ? "/" + o.range : "") :
	    view.admin ? `/admin/${view.admin}` : view.panel ? `/${view.panel}` : "/";
	const query = p.toString();
	return "#" + path + (query ? "?" + query : "");
}
