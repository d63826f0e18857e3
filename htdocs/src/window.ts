// window.ts: which rows of a long list are drawn: those in sight and some more.
// The rest is empty room of the same height.
import { signal, type Signal } from "@preact/signals";

/* Shorter lists are drawn whole: they can be found and printed by the browser. */
export const DRAW_ALL = 60;
const BESIDE = 12; /* rows above and below those in sight */

export interface Range {
	from: number;
	to: number;
}

/* Of n rows, each so high, those between top and bottom (px). Pure. */
export function rows_between(n: number, height: number, top: number, bottom: number): Range {
	if (n <= DRAW_ALL)
		return { from: 0, to: n };
	const from = Math.max(0, Math.min(n - 1, Math.floor(top / height)) - BESIDE);
	return { from: from - from % 2, to: Math.min(n, Math.max(from + 1, Math.ceil(bottom / height) + BESIDE)) };
}

export class Windowed {
	readonly range: Signal<Range> = signal({ from: 0, to: DRAW_ALL });
	private body: HTMLElement | null = null;
	private scroller: HTMLElement | null = null;
	private n = 0;
	private all = false; /* while it is printed */
	height: number;

	constructor(height: number) {
		this.height = height;
	}

	private readonly look = (): void => {
		const range = this.wanted();
		const had = this.range.peek();
		if (range.from !== had.from || range.to !== had.to)
			this.range.value = range;
	};

	private wanted(): Range {
		if (this.all || !this.body)
			return { from: 0, to: this.all ? this.n : Math.min(this.n, DRAW_ALL) };
		const box = this.body.getBoundingClientRect();
		const frame = this.scroller ? this.scroller.getBoundingClientRect() :
			{ top: 0, bottom: innerHeight };
		return rows_between(this.n, this.height, frame.top - box.top, frame.bottom - box.top);
	}

	/* The list and what scrolls it (null: the page); returns what ends that. */
	watch(body: HTMLElement, scroller: HTMLElement | null): () => void {
		this.body = body;
		this.scroller = scroller;
		const print = (on: boolean) => () => { this.all = on; this.look(); };
		const before = print(true), after = print(false);
		/* capturing: whatever it is that scrolls */
		addEventListener("scroll", this.look, { passive: true, capture: true });
		addEventListener("resize", this.look);
		addEventListener("beforeprint", before);
		addEventListener("afterprint", after);
		this.look();
		return () => {
			removeEventListener("scroll", this.look, { capture: true });
			removeEventListener("resize", this.look);
			removeEventListener("beforeprint", before);
			removeEventListener("afterprint", after);
			this.body = null;
		};
	}

	count(n: number): void {
		if (n !== this.n) {
			this.n = n;
			this.look();
		}
	}

	/* Scrolls so that this row is in sight. */
	reveal(index: number, above: number): void {
		if (!this.body || this.n <= DRAW_ALL)
			return;
		const box = this.body.getBoundingClientRect();
		const frame = this.scroller ? this.scroller.getBoundingClientRect() :
			{ top: 0, bottom: innerHeight };
		const top = box.top + index * this.height, bottom = top + this.height;
		const by = top < frame.top + above ? top - frame.top - above :
			bottom > frame.bottom ? bottom - frame.bottom : 0;
		if (by) {
			(this.scroller ?? document.scrollingElement)?.scrollBy({ top: by, behavior: "instant" });
			this.look();
		}
	}
}
