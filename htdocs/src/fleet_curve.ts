// fleet_curve.ts: the equity of all accounts together, asked for each minute.
import { signal } from "@preact/signals";
import { request } from "./api.ts";
import { loaded } from "./state.ts";
import type { FleetEquity } from "./types.ts";

export type CurveRange = "1d" | "30d";
export type FleetLine = FleetEquity["curves"][number];
export type FleetPoint = FleetLine["points"][number];

export const curve_range = signal<CurveRange>("1d");
export const fleet_curves = signal<FleetEquity | null>(null);
export const curve_failure = signal<string | null>(null);

const EVERY_MS = 60_000;
let turn = 0;

export async function load_curves(): Promise<void> {
	if (document.visibilityState === "hidden" || !loaded.peek())
		return;
	const mine = ++turn;
	const answer = await request<FleetEquity>(`/api/equity?range=${curve_range.peek()}`);
	if (mine !== turn)
		return;
	if (answer.ok && Array.isArray(answer.data?.curves))
		fleet_curves.value = answer.data;
	curve_failure.value = answer.ok ? null : answer.failure.message;
}

export function pick_range(range: CurveRange): void {
	curve_range.value = range;
	fleet_curves.value = null;
	void load_curves();
}

export function start_curves(): void {
	setInterval(() => void load_curves(), EVERY_MS);
	const stop = loaded.subscribe((there) => {
		if (there)
			/* the rows come first */
			setTimeout(() => { void load_curves(); stop(); }, 50);
	});
}

/* What was earned between the first point and the last: without what came or
 * went besides. null: nobody knows both. */
export function earned(points: readonly FleetPoint[]): number | null {
	const known = points.filter((p) => p.equity !== null);
	if (known.length < 2)
		return null;
	const at = points.indexOf(known[0]!);
	const moved = points.slice(at + 1).reduce((s, p) => s + p.moved, 0);
	return known[known.length - 1]!.equity! - known[0]!.equity! - moved;
}
