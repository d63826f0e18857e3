// Alerts.tsx: what needs somebody, a line each; muted, acknowledged, put away.
import { signal } from "@preact/signals";
import { acknowledge, mute, put_away_alert, unacknowledge, unmute } from "../alert_list.ts";
import { alerts, muted_alerts, short_moment, type Alert, type Shown } from "../alerts.ts";
import { nodes } from "../nodes.ts";
import { narrow } from "../screen.ts";
import { can_say, session } from "../session.ts";
import { all_rows, trusted } from "../state.ts";
import type { AlertMute } from "../types.ts";
import { t } from "../text.tsx";
import { close_on_leave } from "./Display.tsx";

const mark = { critical: "✖", warn: "▲", info: "●" };

const SHOWN = 4; /* lines; the rest after a click */
const PHONE_SHOWN = 2;
const all_lines = signal(false);

const mute_for = [["1h", 60], ["8h", 480], ["1d", 1440], ["7d", 10080]] as const;

function Acknowledge({ a }: { a: Shown }) {
	if (!a.called)
		return null;
	return a.ack ? <button type="button" class="quiet" title={t("alerts.unack_title")}
		onClick={() => void unacknowledge(a)}>{t("alerts.unack")}</button> :
		<button type="button" class="quiet" title={t("alerts.ack_title")}
			onClick={() => void acknowledge(a)}>{t("alerts.ack")}</button>;
}

/* For everybody, and for the job that calls people: what is muted is not shown. */
function Mute({ a }: { a: Shown }) {
	return <details class="menu mute" onFocusOut={close_on_leave}>
		<summary class="quiet" aria-label={t("alerts.mute_of", { what: a.text })}>{narrow.value ? "⋯" : t("alerts.mute")}</summary>
		<div class="panel">{narrow.value && <Acknowledge a={a} />}<p class="remark">{t("alerts.mute_text")}</p>
			<div class="chips">{mute_for.map(([name, minutes]) =>
				<button type="button" key={name} onClick={() => void mute(a, minutes, a.text)}>
					{t(`alerts.for.${name}`)}</button>)}</div></div>
	</details>;
}

function Said({ a }: { a: Alert }) {
	return <>{a.go ? <button type="button" class="plain" onClick={a.go}><bdi>{a.text}</bdi></button> :
		<bdi class="plain">{a.text}</bdi>}</>;
}

/* May this one say something of alerts? Who is not logged in is asked to. */
const may_say = () => session.value === null || can_say.value;

function Line({ a }: { a: Shown }) {
	return <li class={a.ack ? `${a.level} taken` : a.level}>
		<span class="sign" aria-hidden="true">{mark[a.level]}</span>
		<span class="said"><Said a={a} />
			{a.ack && <span class="by"> · {t("alerts.acked_by", { who: a.ack.who,
				at: short_moment(Date.parse(a.ack.at_utc)) })}</span>}
			{a.more?.map((m) => <span key={m} class="more"> · <bdi>{m}</bdi></span>)}
			{a.todo && <span class="todo"> → {a.todo}</span>}
		</span>
		{may_say() && <span class="acts">
			{!narrow.value && <Acknowledge a={a} />}
			<Mute a={a} />
		</span>}
		<button type="button" class="x" aria-label={t("alerts.dismiss")} title={t("alerts.dismiss_title")}
			onClick={() => put_away_alert(a.key, a.since)}>×</button>
	</li>;
}

function MutedLine({ a, mute: m }: { a: Alert; mute: AlertMute }) {
	return <li class="muted"><span class="sign" aria-hidden="true">–</span>
		<span class="said"><Said a={a} /><span class="by"> · {t("alerts.muted_by",
			{ who: m.who, at: short_moment(Date.parse(m.until_utc)) })}</span></span>
		{may_say() && <span class="acts"><button type="button" class="quiet"
			onClick={() => void unmute(a)}>{t("alerts.unmute")}</button></span>}
	</li>;
}

/* That something is muted is always said. */
function Muted() {
	const list = muted_alerts.value;
	if (list.length === 0)
		return null;
	return <details class="muted"><summary>{t("alerts.muted", { n: list.length })}</summary>
		<ul>{list.map(({ alert, mute: m }) => <MutedLine key={alert.key} a={alert} mute={m} />)}</ul></details>;
}

/* Always a line: that nothing is wrong is an answer, too. */
function Well() {
	const n = all_rows.value.length;
	const vps = nodes.value.size;
	return <p class="well"><span class="sign" aria-hidden="true">{trusted.value ? "✔" : "…"}</span>
		<span>{trusted.value ? t("alerts.well") : t("alerts.untrusted")}
			{trusted.value && n > 0 && <span class="faint"> · {t("alerts.accounts", { n })}
				{vps > 0 && <> · {t("alerts.vps", { n: vps })}</>}</span>}</span></p>;
}

export function Alerts() {
	const list = alerts.value;
	const most = narrow.value ? PHONE_SHOWN : SHOWN;
	const hidden = all_lines.value ? 0 : Math.max(0, list.length - most);
	if (list.length === 0)
		return <section class="alerts none" aria-label={t("alerts")}><Well /><Muted /></section>;
	return <section class={`alerts ${list[0]!.level} ${all_lines.value ? "open" : ""}`} aria-label={t("alerts")}><ul>
		{list.slice(0, list.length - hidden).map((a) => <Line key={a.key} a={a} />)}
	</ul>
	{list.length > most && <button type="button" class="plain all"
		onClick={() => { all_lines.value = !all_lines.peek(); }}>
		{hidden > 0 ? t("alerts.more_alerts", { n: hidden }) : t("alerts.fewer")}</button>}
	<Muted />
	</section>;
}
