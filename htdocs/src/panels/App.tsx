// App.tsx: the page from top to bottom.
import { facet_label, Filters } from "./Filters.tsx";
import { Alerts } from "./Alerts.tsx";
import { Banner, LinkSign } from "./Banner.tsx";
import { Cards } from "./Cards.tsx";
import { Display } from "./Display.tsx";
import { Drawer } from "./DrawerFrame.tsx";
import { Help, help_open } from "./Help.tsx";
import { Login, SessionSign } from "./Login.tsx";
import { Palette, palette_open } from "./Palette.tsx";
import { Table } from "./Table.tsx";
import { Closest, RiskSums } from "./Risk.tsx";
import { Stages } from "./Stages.tsx";
import { Standing } from "./Standing.tsx";
import { Toast } from "./Toast.tsx";
import { at } from "../api.ts";
import { export_csv } from "../export.ts";
import { facets, filter_is_empty } from "../filter.ts";
import * as fmt from "../format.ts";
import { later } from "../later.tsx";
import { prefs } from "../prefs.ts";
import { marked_keys } from "../marks.ts";
import { narrow } from "../screen.ts";
import { session_ended, session_needed, login_open } from "../session.ts";
import { all_rows, feed, loaded, trusted } from "../state.ts";
import { newer_page } from "../update.ts";
import { clear_filter, open_admin, open_panel, shown_rows, view } from "../view.ts";
import { rich, t } from "../text.tsx";

const Bulk = later(() => import("./Bulk.tsx"));
const Admin = later(() => import("../admin/Admin.tsx"));
const Business = later(() => import("../desk/Business.tsx"));
const Exposure = later(() => import("../desk/Exposure.tsx"));

function Header() {
	return <header class="top">
		<a class="skip" href="#main" onClick={skip}>{t("page.skip")}</a>
		<h1><img src={at("/favicon.svg")} alt="" width="20" height="20" />mt5fleet</h1>
		<LinkSign />
		<span class="space" />
		<button type="button" class="quiet goes" onClick={() => { palette_open.value = true; }}
			title={t("head.goto_title")}>{t("head.goto")}</button>
		<button type="button" class="quiet wide" onClick={export_csv}
			title={t("head.csv_title")}>CSV</button>
		<button type="button" class="quiet wide" aria-pressed={view.value.panel === "exposure"}
			onClick={() => open_panel(view.peek().panel === "exposure" ? null : "exposure")}
			title={t("exposure.title")}>{t("exposure.open")}</button>
		<button type="button" class="quiet wide" aria-pressed={view.value.panel === "business"}
			onClick={() => open_panel(view.peek().panel === "business" ? null : "business")}
			title={t("business.title")}>{t("business.open")}</button>
		<button type="button" class="quiet wide" aria-pressed={view.value.admin !== null}
			onClick={() => open_admin(view.peek().admin ? null : "users")} title={t("admin.title")}>
			{t("admin.open")}</button>
		<Display />
		<button type="button" class="quiet wide" onClick={() => { help_open.value = true; }}
			title={t("head.help_title")}>{t("head.help")}</button>
		<SessionSign />
	</header>;
}

/* Once, while nothing is known yet. */
function Skeleton() {
	return <div class="skeleton" role="status" aria-label={t("page.loading")}>
		{Array.from({ length: 8 }, (_, i) => <div key={i} />)}
	</div>;
}

function Nothing() {
	if (all_rows.value.length === 0)
		return <div class="nothing"><h2>{t("page.no_accounts")}</h2>
			<p>{rich("page.no_accounts_text", { file: <code>nodes.json</code>,
				link: <a href={at("/api/agents/status")}>/api/agents/status</a> })}</p></div>;
	return <div class="nothing"><h2>{t("page.no_match")}</h2>
		<p>{t("page.no_match_text", { n: all_rows.value.length })}</p>
		<button type="button" onClick={clear_filter}>{t("page.clear_filter")}</button></div>;
}

function Rows() {
	if (!loaded.value) {
		const error = feed.value.error;
		if (!error)
			return <Skeleton />;
		return <div class="nothing"><h2>{t("page.nothing")}</h2>
			<p>{t("page.nothing_text", { error: error.message })}</p></div>;
	}
	if (shown_rows.value.length === 0)
		return <Nothing />;
	return narrow.value ? <Cards /> : <Table />;
}

/* On paper: what this is, of when, and what was left out. */
function PrintHead() {
	const f = view.value.filter;
	const words = [...facets.flatMap((facet) => f[facet].map((v) => facet_label(facet, v))),
		f.losing ? t("filter.losing") : "", f.q ? `“${f.q}”` : ""].filter(Boolean);
	const zone = prefs.value.zone;
	return <p class="print">{t("print.head", { at: fmt.moment(feed.value.heard_ms, zone),
		zone: fmt.zone_name(zone), filter: filter_is_empty(f) ? t("print.all") :
			t("print.only", { words: words.join(", ") }) })}</p>;
}

/* Three questions: who is near a limit, what may be lost, how do we stand. On a
 * phone the first two; the rest after a tap. */
function Tiles() {
	if (narrow.value)
		return <div class="tiles">
			<RiskSums />
			<details class="tile overview"><summary>{t("fleet.overview")}</summary>
				<Closest /><Standing /><Stages /></details>
		</div>;
	return <div class="tiles">
		<div class="limits"><Closest /><RiskSums /></div>
		<Standing />
		<Stages />
	</div>;
}

/* The address after '#' is the view's. */
function skip(e: MouseEvent): void {
	e.preventDefault();
	(document.querySelector<HTMLElement>(".table tbody a, .card a") ??
		document.getElementById("main"))?.focus();
}

/* Over the page: nothing below moves when one comes. */
function Notices() {
	return <div class="notices">
		{session_ended.value && <p role="status">{t("session.ended")}{" "}
			<button type="button" onClick={() => { login_open.value = true; }}>{t("login.in")}</button>
			<button type="button" class="x" aria-label={t("alerts.dismiss")}
				onClick={() => { session_ended.value = false; }}>×</button></p>}
		{newer_page.value && <p role="status">{t("page.newer")}{" "}
			<button type="button" onClick={() => location.reload()}>{t("page.reload")}</button></p>}
	</div>;
}

function Footer() {
	const f = feed.value;
	const zone = prefs.value.zone;
	return <footer class="bottom">
		<span>{t("foot.data", { at: fmt.moment(f.heard_ms, zone), zone: fmt.zone_name(zone) })}</span>
		<span>{t("foot.sums")}</span>
		<span><a href={at("/api")}>API</a> · <a href={at("/docs")}>{t("foot.docs")}</a>
			{f.version ? ` · ${f.version}` : ""}</span>
	</footer>;
}

export function App() {
	const open = view.value.open !== null;
	const asks = session_needed.value && !login_open.value;
	return <div class={`page ${loaded.value && !trusted.value ? "untrusted" : ""} ` +
	    `${open ? "beside" : ""}`}>
		<Header />
		<Notices />
		<main id="main" tabIndex={-1}>
			{asks && <div class="nothing"><h2>{t("page.log_in")}</h2>
				<button type="button" onClick={() => { login_open.value = true; }}>{t("login.in")}</button></div>}
			{!asks && <>
				{view.value.admin && <Admin section={view.value.admin} />}
				{view.value.panel === "exposure" && <Exposure />}
				{view.value.panel === "business" && <Business />}
				{!view.value.admin && !view.value.panel && <><PrintHead />
					{loaded.value && <><div class="first"><Banner /><Alerts /></div><Tiles /><Filters /></>}
					<Rows /></>}
			</>}
		</main>
		{marked_keys.value.length > 0 && !view.value.admin && <Bulk />}
		{(loaded.value || asks || feed.value.error) && <Footer />}
		<Drawer />
		<Help />
		<Palette />
		<Login />
		<Toast />
	</div>;
}
