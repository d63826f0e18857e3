// limit_words.ts: which limit is nearest, and what is left of it, in words.
import { t } from "./text.tsx";
import * as fmt from "./format.ts";
import type { LimitUsed } from "./limits.ts";
import { prefs } from "./prefs.ts";
import { rule_label, rule_text } from "./rule_lines.ts";
import type { Row } from "./types.ts";

/* What of the limit is left, in the rule's own words where it is not money. */
export function limit_left(row: Row, limit: LimitUsed): string {
	const a = row.account;
	if (limit.left === null)
		return limit.line ? rule_text(limit.line, row, prefs.value.zone) : "";
	return limit.left < 0 ?
		t("desk.limit_over", { what: limit_word(limit),
			left: fmt.money(-limit.left, a?.currency, a?.currency_digits) }) :
		t("risk.left", { left: fmt.money(limit.left, a?.currency, a?.currency_digits) });
}

export function limit_word(limit: LimitUsed): string {
	return limit.kind === "daily_loss" ? t("limit.daily") : limit.kind === "max_loss" ?
		t("limit.total") : limit.line ? rule_label(limit.line) : limit.kind;
}
