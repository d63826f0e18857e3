// later.tsx: a part of the page that is fetched when it is first shown.
import { signal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "./text.tsx";

export function later<P extends object>(load: () => Promise<{ default: ComponentType<P> }>):
    (props: P & JSX.IntrinsicAttributes) => JSX.Element {
	const part = signal<ComponentType<P> | null>(null);
	const failed = signal(false);
	const ask = () => {
		failed.value = false;
		load().then((m) => { part.value = m.default; }, () => { failed.value = true; });
	};
	return function Later(props) {
		const Part = part.value;
		useEffect(() => { if (!part.peek()) ask(); }, []);
		if (Part)
			return <Part {...props} />;
		if (!failed.value)
			return <p class="remark" role="status">{t("word.loading")}</p>;
		/* away, or another version of the page is there now */
		return <p class="wrong" role="alert">{t("error.part")}{" "}
			<button type="button" onClick={ask}>{t("fetched.again")}</button>{" "}
			<button type="button" onClick={() => location.reload()}>{t("word.reload")}</button></p>;
	};
}
