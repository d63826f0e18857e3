// levels.ts: the floors and the target of an account, for its curve: since when each
// stands where it stands. Pure.
import type { Row, RuleLine } from "./types.ts";

export interface Level {
	line: RuleLine;
	what: "daily_floor" | "total_floor" | "target";
	value: number;
	from_ms: number; /* it was not there before, or somewhere that nobody noted */
}

const names: Partial<Record<RuleLine["kind"], Level["what"]>> =
	{ daily_loss: "daily_floor", max_loss: "total_floor", profit_target: "target" };

const DAY_MS = 86_400_000;

/*
 * A floor of the day, and one that follows the high, are of this day alone. All
 * may have moved with the last flow (a payout, a reset), at moved_ms.
 */
export function levels_of(row: Row, now_ms: number, moved_ms = -Infinity): Level[] {
	const started = Date.parse(row.phase?.started_utc ?? "");
	const resets = Date.parse(row.rules?.resets_utc ?? "");
	const day = (Number.isNaN(resets) ? now_ms : resets) - DAY_MS;
	const phase = Math.max(Number.isNaN(started) ? -Infinity : started, moved_ms);
	return (row.rule_lines ?? []).flatMap((line) => {
		const what = names[line.kind];
		if (!what || line.level === null || line.unit !== "money")
			return [];
		const today = what === "daily_floor" || (what === "total_floor" && line.mode !== "static");
		return [{ line, what, value: line.level, from_ms: today ? Math.max(day, phase) : phase }];
	});
}
