// Levels.tsx: under the curve: its floors and target in words, best day and days.
import { now } from "../clock.ts";
import * as fmt from "../format.ts";
import { levels_of, type Level } from "../levels.ts";
import { prefs } from "../prefs.ts";
import { rule_label, rule_text } from "../rule_lines.ts";
import type { Row } from "../types.ts";
import { t } from "../text.tsx";
import type { ChartLevel } from "./chart.tsx";

const colours = { daily_floor: "--warn-bar", total_floor: "--bad", target: "--ok" } as const;

/* static, or how it follows the high: said of the loss limits. */
function mode_word(level: Level): string {
	return level.what === "target" ? "" : level.what === "daily_floor" && level.line.mode === "static" ?
		t("level.mode.day") : t(`level.mode.${level.line.mode}`);
}

export function drawn_levels(row: Row, now_ms: number, moved_ms: number): ChartLevel[] {
	return levels_of(row, now_ms, moved_ms).map((l) => ({ value: l.value, from_ms: l.from_ms,
		text: [t(`level.${l.what}`), mode_word(l)].filter(Boolean).join(", "), colour: colours[l.what] }));
}

function Line({ level, row }: { level: Level; row: Row }) {
	const a = row.account, mode = mode_word(level);
	const resets = level.what !== "daily_floor" || !row.rules?.resets_utc ? NaN :
		Date.parse(row.rules.resets_utc) - now.value;
	return <div data-level={level.what}>
		<dt><span class={`swatch ${level.what}`} aria-hidden="true" />{t(`level.${level.what}`)}</dt>
		<dd>{level.line.estimated && <span class="approx" title={t("estimated.baseline")}>≈</span>}
			<b>{fmt.money(level.value, a?.currency, a?.currency_digits)}</b>
			{mode && <> · {mode}</>} · {rule_text(level.line, row, prefs.value.zone)}
			{resets > 0 && <> · {t("alerts.resets", { age: fmt.age(resets) })}</>}</dd>
	</div>;
}

export function Levels({ row }: { row: Row }) {
	const levels = levels_of(row, now.value);
	const days = (row.rule_lines ?? []).filter((l) => l.kind === "best_day" || l.kind === "min_trading_days");
	if (levels.length + days.length === 0)
		return null;
	return <dl class="fields rules levels" aria-label={t("level")}>
		{levels.map((l) => <Line key={l.what} level={l} row={row} />)}
		{days.map((l) => <div key={l.kind} data-level={l.kind}><dt>{rule_label(l)}</dt>
			<dd>{rule_text(l, row, prefs.value.zone)}</dd></div>)}
	</dl>;
}
