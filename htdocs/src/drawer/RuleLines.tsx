// RuleLines.tsx: the rules beside the losses and the target, a line each.
import { Bar, used_level } from "../cells.tsx";
import { prefs } from "../prefs.ts";
import { is_limit, nearest_line, other_lines, rule_label, rule_text } from "../rule_lines.ts";
import type { Row, RuleLine } from "../types.ts";
import { t } from "../text.tsx";

function tone(line: RuleLine): string {
	if (line.broken && is_limit(line))
		return "wrong";
	return line.needs !== null ? "unjudged" : "";
}

function Line({ line, row }: { line: RuleLine; row: Row }) {
	const text = rule_text(line, row, prefs.value.zone);
	return <div data-kind={line.kind}>
		<dt>{rule_label(line)}{line.warns && <span class="faint"> {t("rule.warning")}</span>}</dt>
		<dd class={tone(line)}>{line.estimated && <span class="approx" title={t("estimated")}>≈</span>}{text}
			{is_limit(line) && <Bar used={line.used} level={used_level(line.used)}
				label={`${rule_label(line)}: ${text}`} />}</dd>
	</div>;
}

export function RuleLines({ row }: { row: Row }) {
	const lines = other_lines(row);
	if (lines.length === 0)
		return null;
	return <dl class="fields rules" aria-label={t("rules")}>
		{lines.map((l) => <Line key={l.kind} line={l} row={row} />)}
	</dl>;
}

/* In a cell: the one that asks for a look first, all of them in its title. */
export function NearestRule({ row }: { row: Row }) {
	const line = nearest_line(row);
	if (!line)
		return <span>–</span>;
	const zone = prefs.value.zone;
	const all = other_lines(row).map((l) => `${rule_label(l)}: ${rule_text(l, row, zone)}`);
	return <span class={`clip ${tone(line)}`} title={all.join("\n")}>
		{rule_label(line)}: {rule_text(line, row, zone)}</span>;
}
