// spark.tsx: equity of 7 days as a small line, for rows in sight, kept 5 minutes.
import { signal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { account_path, request } from "./api.ts";
import * as fmt from "./format.ts";
import { type Sample } from "./series.ts";
import type { Row } from "./types.ts";

interface Line {
	values: number[];
	at_ms: number;
}

const KEEP_MS = 300_000;
const WIDTH = 84, HEIGHT = 22, POINTS = 60;

const lines = new Map<string, Signal<Line | null>>();
let queue: Promise<void> = Promise.resolve();

function line_of(key: string): Signal<Line | null> {
	let s = lines.get(key);
	if (!s)
		lines.set(key, s = signal<Line | null>(null));
	return s;
}

async function fetch_line(row: Row, into: Signal<Line | null>): Promise<void> {
	if (into.peek() && Date.now() - into.peek()!.at_ms < KEEP_MS)
		return;
	const answer = await request<{ equity: Sample[] | null }>(
		account_path(row.server ?? "", row.login ?? "", `equity?range=7d&points=${POINTS}`));
	const values = answer.ok ? (answer.data?.equity ?? []).map((s) => s.equity)
		.filter((v): v is number => v !== null) : [];
	into.value = { values, at_ms: Date.now() };
}

/* One after the other: the table must not crowd out what is live. */
function ask(row: Row, into: Signal<Line | null>): void {
	if (row.server !== null && row.login !== null)
		queue = queue.then(() => fetch_line(row, into));
}

function words(values: number[], row: Row): string {
	const digits = row.account?.currency_digits;
	const first = values[0]!, last = values[values.length - 1]!;
	const least = Math.min(...values), most = Math.max(...values);
	return `7 days: ${first > 0 ? fmt.signed_percent((last / first - 1) * 100) + ", " : ""}` +
	    `lowest ${fmt.amount(least, digits)}, highest ${fmt.amount(most, digits)}, deposits included`;
}

function Drawn({ values, row }: { values: number[]; row: Row }) {
	const least = Math.min(...values), span = Math.max(...values) - least || 1;
	const y = (v: number) => (HEIGHT - 2 - (v - least) / span * (HEIGHT - 4)).toFixed(1);
	const x = (i: number) => (i / (values.length - 1) * WIDTH).toFixed(1);
	const text = words(values, row);
	return <svg class="spark" width={WIDTH} height={HEIGHT} role="img" aria-label={text}>
		<title>{text}</title>
		<path class="start" d={`M0 ${y(values[0]!)}H${WIDTH}`} />
		<path d={values.map((v, i) => `${i ? "L" : "M"}${x(i)} ${y(v)}`).join("")} />
	</svg>;
}

export function Spark({ row }: { row: Row }) {
	const box = useRef<HTMLSpanElement>(null);
	const line = line_of(row.key);
	useEffect(() => {
		let timer: ReturnType<typeof setInterval> | null = null;
		const watch = new IntersectionObserver(([seen]) => {
			if (timer)
				clearInterval(timer);
			timer = null;
			if (!seen?.isIntersecting)
				return;
			ask(row, line);
			timer = setInterval(() => ask(row, line), KEEP_MS);
		});
		if (box.current)
			watch.observe(box.current);
		return () => {
			watch.disconnect();
			if (timer)
				clearInterval(timer);
		};
	}, [row.key]);
	const values = line.value?.values;
	return <span ref={box} class="sparkbox">{values && values.length > 1 ?
		<Drawn values={values} row={row} /> : <span class="faint">{values ? "–" : "…"}</span>}</span>;
}
