// clock.ts: the server's clock as this browser can know it.
import { signal } from "@preact/signals";

/*
 * Each answer names a moment that was over when it arrived, so the server's
 * clock is at least that far: the largest difference seen lately is nearest.
 */
const KEEP = 30;
let seen: number[] = [];
let step = Date.now() - performance.now();

export function best_offset(samples: readonly number[]): number {
	return samples.length ? Math.max(...samples) : 0;
}

/* Wakes each second with the server's time in ms. */
export const now = signal(Date.now());

export function server_now(): number {
	return Date.now() + best_offset(seen);
}

export function heard_server_time(utc: string | null | undefined): void {
	const ms = utc ? Date.parse(utc) : NaN;
	if (Number.isNaN(ms))
		return;
	seen.push(ms - Date.now());
	if (seen.length > KEEP)
		seen.shift();
}

/* The machine slept or its clock was set: what was learned is void. */
function clock_jumped(): boolean {
	const current = Date.now() - performance.now();
	const jumped = Math.abs(current - step) > 2000;
	step = current;
	return jumped;
}

export function start_clock(on_jump: () => void): void {
	setInterval(() => {
		if (clock_jumped()) {
			seen = [];
			on_jump();
		}
		now.value = server_now();
	}, 1000);
}
