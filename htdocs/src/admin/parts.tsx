// parts.tsx: what the sections of the administration share.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { can_manage, login_open, session } from "../session.ts";
import { t } from "../text.tsx";
import { say } from "../panels/Toast.tsx";
import type { Asked } from "./use.ts";

/* What has come, or why nothing did. */
export function Got<T>({ got, children }: { got: Asked<T>; children: (data: T) => ComponentChildren }) {
	const f = got.failure;
	if (f && (f.status === 401 || f.status === 403) && !got.data)
		return <div class="nothing"><p>{t(session.value ? "admin.not_allowed" : "admin.log_in")}</p>
			{!session.value && <button type="button" class="main"
				onClick={() => { login_open.value = true; }}>{t("login.in")}</button>}</div>;
	return <>
		{f && <p class="wrong" role="alert">{f.message}{" "}
			<button type="button" class="plain" onClick={got.again}>{t("fetched.again")}</button></p>}
		{!f && got.data === null && <p class="remark">{t("word.loading")}</p>}
		{got.data !== null && children(got.data)}
	</>;
}

/* Asks once more, in place, before it does what cannot be undone. */
export function Sure({ label, sure, onClick }: { label: string; sure: string; onClick: () => void }) {
	const [asked, set_asked] = useState(false);
	useEffect(() => {
		if (!asked)
			return;
		const timer = setTimeout(() => set_asked(false), 6_000);
		return () => clearTimeout(timer);
	}, [asked]);
	return <button type="button" class={asked ? "sure" : ""} onBlur={() => set_asked(false)}
		onClick={() => { if (asked) onClick(); set_asked(!asked); }}>{asked ? sure : label}</button>;
}

/* Something to be taken elsewhere: a link, a line for a machine. */
export function Copy({ label, text }: { label: string; text: string }) {
	const copy = () => void navigator.clipboard.writeText(text).then(
		() => say(t("admin.copied")), () => say(t("admin.not_copied")));
	return <div class="copy"><b>{label}</b>
		<pre class="line" tabIndex={0}>{text}</pre>
		<button type="button" onClick={copy}>{t("admin.copy")}</button></div>;
}

/* Who may not change anything sees no buttons. */
export function Editing({ children }: { children: ComponentChildren }) {
	return can_manage.value ? <>{children}</> : null;
}

/* The values of a form by name, blanks at the ends left out. */
export function values_of(form: HTMLFormElement): Record<string, string> {
	return Object.fromEntries([...new FormData(form)].map(([k, v]) => [k, String(v).trim()]));
}
