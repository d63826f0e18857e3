// palette.ts: what of a list fits what was typed, best first. Pure.

export interface Choice {
	name: string;
	hint: string;
	run: () => void;
}

/* Each word must be there; better the earlier, best at the start of a word. */
function score(choice: Choice, words: readonly string[]): number | null {
	const text = `${choice.name} ${choice.hint}`.toLowerCase();
	let sum = 0;
	for (const word of words) {
		const at = text.indexOf(word);
		if (at < 0)
			return null;
		sum += at + (at === 0 || /[\s·]/.test(text[at - 1]!) ? 0 : 100);
	}
	return sum;
}

export function matching(all: readonly Choice[], typed: string, most: number): Choice[] {
	const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
	return all.map((choice, i) => ({ choice, i, score: score(choice, words) }))
		.filter((m) => m.score !== null)
		.sort((a, b) => a.score! - b.score! || a.i - b.i)
		.slice(0, most).map((m) => m.choice);
}
