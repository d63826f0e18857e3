// Drawer.tsx: one account beside the table; its address is #/a/<server>/<login>/<tab>.
import { useEffect, useRef } from "preact/hooks";
import { Age, Amount, Gain, GainPercent, Left, StatusPill, useStatus } from "../cells.tsx";
import { floating_pct } from "../columns.tsx";
import { now } from "../clock.ts";
import { later } from "../later.tsx";
import { palette_open } from "./Palette.tsx";
import * as fmt from "../format.ts";
import { prefs, set_pref } from "../prefs.ts";
import { choices, type Prefs } from "../prefs_store.ts";
import { row_name } from "../rows.ts";
import { row_signal } from "../state.ts";
import { status_is_live } from "../status.ts";
import type { Row } from "../types.ts";
import { tabs, type Open, type Tab } from "../url.ts";
import { close_account, order, selected, set_tab, open_row } from "../view.ts";
import { AccountFields } from "../drawer/Fields.tsx";
import { CashFlows } from "../drawer/CashFlows.tsx";
import { Connection } from "../drawer/Connection.tsx";
import { Orders } from "../drawer/Orders.tsx";
import { Phases } from "../drawer/Phases.tsx";
import { RuleLines } from "../drawer/RuleLines.tsx";
import { Positions } from "../drawer/Positions.tsx";
import { Statistics } from "../drawer/Statistics.tsx";
import { Trades } from "../drawer/Trades.tsx";
import { rich, t } from "../text.tsx";

function Tabs({ open }: { open: Open }) {
	const strip = useRef<HTMLDivElement>(null);
	const turn = (e: KeyboardEvent) => {
		const by = e.key === "ArrowRight" ? 1 : e.key === "ArrowLeft" ? -1 : 0;
		if (!by)
			return;
		const at = (tabs.indexOf(open.tab) + by + tabs.length) % tabs.length;
		set_tab(tabs[at]!);
		strip.current?.querySelectorAll<HTMLElement>("[role=tab]")[at]?.focus();
	};
	useEffect(() => {
		strip.current?.querySelector("[aria-selected=true]")?.scrollIntoView({
			block: "nearest", inline: "nearest" });
	}, [open.tab]);
	return <div class="tabs" role="tablist" aria-label={t("drawer.tabs")} ref={strip} onKeyDown={turn}>
		{tabs.map((tab) => <button type="button" key={tab} role="tab" id={`tab-${tab}`}
			aria-selected={open.tab === tab} tabIndex={open.tab === tab ? 0 : -1}
			aria-controls="tabpanel" onClick={() => set_tab(tab)}>{t(`tab.${tab}`)}</button>)}
	</div>;
}

/* with the curve's library */
const Equity = later(() => import("../drawer/Equity.tsx"));

function Panel({ row, tab }: { row: Row; tab: Tab }) {
	switch (tab) {
	case "positions": return <Positions row={row} />;
	case "orders": return <Orders row={row} />;
	case "account": return <AccountFields row={row} />;
	case "connection": return <Connection row={row} />;
	case "trades": return <Trades row={row} />;
	case "cashflows": return <CashFlows row={row} />;
	case "statistics": return <Statistics row={row} />;
	case "equity": return <Equity row={row} />;
	case "phases": return <Phases row={row} />;
	}
}

/* The figures that matter most, large. */
function Figures({ row }: { row: Row }) {
	const a = row.account;
	return <dl class={status_is_live(useStatus(row)) ? "figures" : "figures old"}>
		<div><dt>{t("drawer.equity", { currency: a?.currency ?? "" })}</dt><dd><Amount value={a?.equity} row={row} /></dd></div>
		<div><dt>{t("column.balance")}</dt><dd><Amount value={a?.balance} row={row} /></dd></div>
		<div><dt>{t("column.profit")} <GainPercent value={floating_pct(row)} /></dt>
			<dd><Gain value={a?.profit} row={row} /></dd></div>
		<div><dt>{t("column.day")}</dt><dd><Gain value={row.pl?.day} row={row} estimated={row.pl?.estimated} /></dd></div>
		<div><dt>{t("column.today_left")}</dt><dd><Left row={row} what={t("column.today_left_title")}
			value={row.rules?.today_left} used={row.rules?.used_today} /></dd></div>
		<div><dt>{t("column.total_left")}</dt><dd><Left row={row} what={t("column.total_left_title")}
			value={row.rules?.total_left} used={row.rules?.used_total} /></dd></div>
		<div><dt>{t("column.target_left")}</dt><dd><Amount value={row.rules?.target_left} row={row} /></dd></div>
		<div><dt>{t("drawer.resets")}</dt><dd><ResetsIn row={row} /></dd></div>
	</dl>;
}

/* In which clock the times below are written; the broker's is said. */
function ZoneSwitch({ row }: { row: Row }) {
	const offset = row.broker_offset_s === null ? t("drawer.offset_unknown") :
		fmt.utc_offset(row.broker_offset_s);
	return <label class="zone">{t("drawer.times")} <select value={prefs.value.zone}
		onChange={(e) => set_pref("zone", e.currentTarget.value as Prefs["zone"])}>
		{choices.zone.map((z) => <option key={z} value={z}>{z === "broker" ?
			t("drawer.zone_broker", { offset }) : z === "local" ?
				t("drawer.zone_local", { zone: fmt.zone_name("local") }) : t("view.zone.utc")}
		</option>)}</select></label>;
}

function ResetsIn({ row }: { row: Row }) {
	const at = row.rules?.resets_utc ? Date.parse(row.rules.resets_utc) : NaN;
	if (Number.isNaN(at))
		return <span class="value">–</span>;
	return <Countdown at_ms={at} />;
}

function Countdown({ at_ms }: { at_ms: number }) {
	const left = at_ms - now.value;
	return <span class="value" title={new Date(at_ms).toISOString()}>
		{left > 0 ? fmt.age(left) : t("word.now")}</span>;
}

function neighbour(by: 1 | -1, key: string): Row | null {
	const keys = order.peek();
	const next = keys[keys.indexOf(key) + by];
	return next ? row_signal(next)?.peek() ?? null : null;
}

function go_beside(by: 1 | -1, row: Row): void {
	const next = neighbour(by, row.key);
	if (next && open_row(next))
		selected.value = next.key;
}

export function Opened({ row, open }: { row: Row; open: Open }) {
	return <>
		<header>
			<div>
				<h2 tabIndex={-1}><bdi>{row_name(row)}</bdi></h2>
				<p class="where">{row.login} · <bdi>{row.server}</bdi> · <bdi>{row.node}</bdi></p>
			</div>
			<div class="turn">
				<button type="button" class="quiet" aria-label={t("drawer.switch")} title={t("drawer.switch")}
					onClick={() => { palette_open.value = true; }}>⌕</button>
				<button type="button" class="quiet" aria-label={t("drawer.previous")}
					onClick={() => go_beside(-1, row)}>↑</button>
				<button type="button" class="quiet" aria-label={t("drawer.next")}
					onClick={() => go_beside(1, row)}>↓</button>
				<button type="button" class="quiet" aria-label={t("drawer.close")}
					onClick={close_account}>×</button>
			</div>
		</header>
		<p class="state"><StatusPill row={row} /> {rich("time.old", { age: <Age at_ms={row.at_ms} row={row} /> })}
			{row.error && <span class="wrong"> {row.error}</span>}<ZoneSwitch row={row} /></p>
		<Figures row={row} />
		<RuleLines row={row} />
		<Tabs open={open} />
		<div id="tabpanel" role="tabpanel" aria-labelledby={`tab-${open.tab}`} tabIndex={0}>
			<Panel row={row} tab={open.tab} />
		</div>
	</>;
}
