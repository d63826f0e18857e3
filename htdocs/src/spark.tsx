// spark.tsx: equity of 7 days as a small line, for rows in sight, kept 5 minutes.
import { signal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { account_path, request } from "./api.ts";
import * as fmt from "./format.ts";
import type { Row, Sample } from "./types.ts";
import { t } from "./text.tsx";

interface Dot {
	at_ms: number;
	equity: number;
}

interface Line {
	dots: Dot[];
	heard_ms: number;
}

const KEEP_MS = 300_000;
const LOOK_MS = 60_000; /* an account that is new has no line yet */
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
	const had = into.peek();
	const keep_ms = had && had.dots.length > 1 ? KEEP_MS : LOOK_MS;
	if (had && Date.now() - had.heard_ms < keep_ms)
		return;
	const answer = await request<{ equity: Sample[] | null }>(
		account_path(row.server ?? "", row.login ?? "", `equity?range=7d&points=${POINTS}`));
	const dots = answer.ok ? (answer.data?.equity ?? []).flatMap((s) => s.equity === null ? [] :
		[{ at_ms: Date.parse(s.at_utc), equity: s.equity }]) : [];
	into.value = { dots, heard_ms: Date.now() };
}

/* One after the other: the table must not crowd out what is live. */
function ask(row: Row, into: Signal<Line | null>): void {
	if (row.server !== null && row.login !== null)
		queue = queue.then(() => fetch_line(row, into));
}

function words(dots: Dot[], row: Row): string {
	const digits = row.account?.currency_digits;
	const first = dots[0]!, last = dots[dots.length - 1]!;
	const all = dots.map((d) => d.equity);
	const change = first.equity > 0 ?
		`${fmt.signed_percent((last.equity / first.equity - 1) * 100)}, ` : "";
	return t("cell.spark", { age: fmt.age(last.at_ms - first.at_ms), change,
		lowest: fmt.amount(Math.min(...all), digits),
		highest: fmt.amount(Math.max(...all), digits) });
}

function Drawn({ dots, row }: { dots: Dot[]; row: Row }) {
	const all = dots.map((d) => d.equity);
	const least = Math.min(...all), height = Math.max(...all) - least || 1;
	const from = dots[0]!.at_ms, length = dots[dots.length - 1]!.at_ms - from || 1;
	const y = (d: Dot) => (HEIGHT - 2 - (d.equity - least) / height * (HEIGHT - 4)).toFixed(1);
	const x = (d: Dot) => ((d.at_ms - from) / length * WIDTH).toFixed(1);
	const text = words(dots, row);
	return <svg class="spark" width={WIDTH} height={HEIGHT} role="img" aria-label={text}>
		<title>{text}</title>
		<path class="start" d={`M0 ${y(dots[0]!)}H${WIDTH}`} />
		<path d={dots.map((d, i) => `${i ? "L" : "M"}${x(d)} ${y(d)}`).join("")} />
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
			timer = setInterval(() => ask(row, line), LOOK_MS);
		});
		if (box.current)
			watch.observe(box.current);
		return () => {
			watch.disconnect();
			if (timer)
				clearInterval(timer);
		};
	}, [row.key]);
	const dots = line.value?.dots;
	return <span ref={box} class="sparkbox">{dots && dots.length > 1 ?
		<Drawn dots={dots} row={row} /> : <span class="faint">{dots ? "–" : "…"}</span>}</span>;
}
