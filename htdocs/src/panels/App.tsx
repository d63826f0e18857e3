// App.tsx: the page from top to bottom.
import { Filters } from "./Filters.tsx";
import { Alerts } from "./Alerts.tsx";
import { Banner, LinkSign } from "./Banner.tsx";
import { Cards } from "./Cards.tsx";
import { Display } from "./Display.tsx";
import { Drawer } from "./Drawer.tsx";
import { Help, help_open } from "./Help.tsx";
import { Login, SessionSign } from "./Login.tsx";
import { Palette, palette_open } from "./Palette.tsx";
import { Table } from "./Table.tsx";
import { Tiles } from "./Tiles.tsx";
import { Toast } from "./Toast.tsx";
import { at } from "../api.ts";
import { export_csv } from "../export.ts";
import { filter_is_empty } from "../filter.ts";
import * as fmt from "../format.ts";
import { prefs } from "../prefs.ts";
import { narrow } from "../screen.ts";
import { session_needed, login_open } from "../session.ts";
import { all_rows, feed, loaded, trusted } from "../state.ts";
import { clear_filter, shown_rows, view } from "../view.ts";

function Header() {
	return <header class="top">
		<h1><img src={at("/favicon.svg")} alt="" width="20" height="20" />mt5fleet</h1>
		<LinkSign />
		<span class="space" />
		<button type="button" class="quiet wide" onClick={() => { palette_open.value = true; }}
			title="Find an account or a command (Ctrl or ⌘ and K)">Go to…</button>
		<button type="button" class="quiet wide" onClick={export_csv}
			title="Save the rows shown as CSV">CSV</button>
		<Display />
		<button type="button" class="quiet wide" onClick={() => { help_open.value = true; }}
			title="Keys and legend (?)">Help</button>
		<SessionSign />
	</header>;
}

/* Once, while nothing is known yet. */
function Skeleton() {
	return <div class="skeleton" role="status" aria-label="Loading accounts">
		{Array.from({ length: 8 }, (_, i) => <div key={i} />)}
	</div>;
}

function Nothing() {
	if (all_rows.value.length === 0)
		return <div class="nothing"><h2>No accounts yet</h2>
			<p>The coordinator is up, but no node has reported an account.
			Nodes are listed in <code>nodes.json</code>; <a href={at("/api/agents/status")}>
			/api/agents/status</a> shows the status of each.</p></div>;
	return <div class="nothing"><h2>No matching accounts</h2>
		<p>{fmt.count(all_rows.value.length)} accounts, none matches the filter.</p>
		<button type="button" onClick={clear_filter}>Clear the filter</button></div>;
}

function Rows() {
	if (!loaded.value) {
		const error = feed.value.error;
		if (!error)
			return <Skeleton />;
		return <div class="nothing"><h2>Nothing to show yet</h2>
			<p>{error.message}. The page keeps trying; there is no need to reload.</p></div>;
	}
	if (shown_rows.value.length === 0)
		return <Nothing />;
	return narrow.value ? <Cards /> : <Table />;
}

/* On paper: what this is, of when, and what was left out. */
function PrintHead() {
	const f = view.value.filter;
	const words = [...f.status, ...f.phase, ...f.mode, ...f.currency, f.losing ? "losing" : "",
		f.q ? `“${f.q}”` : ""].filter(Boolean);
	return <p class="print">
		Accounts, values of {fmt.moment(feed.value.heard_ms, prefs.value.zone)}{" "}
		{fmt.zone_name(prefs.value.zone)}.{" "}
		{filter_is_empty(f) ? "All accounts." : `Only: ${words.join(", ")}.`}</p>;
}

function Footer() {
	const f = feed.value;
	const zone = prefs.value.zone;
	return <footer class="bottom">
		<span>Data as of {fmt.moment(f.heard_ms, zone)} {fmt.zone_name(zone)}</span>
		<span>Sums are of live accounts, per currency and type; nothing is converted.</span>
		<span><a href={at("/api")}>API</a> · <a href={at("/docs")}>docs</a>
			{f.version ? ` · ${f.version}` : ""}</span>
	</footer>;
}

export function App() {
	const open = view.value.open !== null;
	const asks = session_needed.value && !login_open.value;
	return <div class={`page ${loaded.value && !trusted.value ? "untrusted" : ""} ` +
	    `${open ? "beside" : ""}`}>
		<Header />
		<Banner />
		<main>
			{asks && <div class="nothing"><h2>Log in to see the fleet</h2>
				<button type="button" onClick={() => { login_open.value = true; }}>Log in</button></div>}
			{!asks && <>
				<PrintHead />
				{loaded.value && <><Tiles /><Alerts /><Filters /></>}
				<Rows />
			</>}
		</main>
		<Footer />
		<Drawer />
		<Help />
		<Palette />
		<Login />
		<Toast />
	</div>;
}
