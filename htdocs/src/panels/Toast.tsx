// Toast.tsx: what was just done, with the way back.
import { signal } from "@preact/signals";
import { t } from "../text.tsx";

interface Said {
	text: string;
	undo: (() => void) | null;
}

const said = signal<Said | null>(null);
let timer: ReturnType<typeof setTimeout> | null = null;

export function say(text: string, undo: (() => void) | null = null): void {
	said.value = { text, undo };
	if (timer)
		clearTimeout(timer);
	timer = setTimeout(() => { said.value = null; }, undo ? 15_000 : 5_000);
}

export function Toast() {
	const s = said.value;
	return <div class="toast" role="status">
		{s && <p>{s.text}
			{s.undo && <button type="button" onClick={() => { said.value = null; s.undo?.(); }}>
				{t("word.undo")}</button>}</p>}
	</div>;
}
