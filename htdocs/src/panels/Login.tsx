// Login.tsx: logging in and out; an edit that needs it waits behind the dialog.
import { useState } from "preact/hooks";
import { reconnect_now, load } from "../feed.ts";
import { give_up_login, log_in, log_out, login_open, session } from "../session.ts";
import { Dialog } from "./Dialog.tsx";
import { t, word } from "../text.tsx";

export function SessionSign() {
	const s = session.value;
	if (!s)
		return <button type="button" class="quiet" onClick={() => { login_open.value = true; }}>
			{t("login.in")}</button>;
	return <button type="button" class="quiet" title={`${s.user}, ${word("role", s.role)}`}
		onClick={() => void log_out()}>{t("login.out", { user: s.user })}</button>;
}

export function Login() {
	const [wrong, set_wrong] = useState<string | null>(null);
	const [busy, set_busy] = useState(false);
	const submit = async (e: SubmitEvent) => {
		e.preventDefault();
		const data = new FormData(e.currentTarget as HTMLFormElement);
		set_busy(true);
		const error = await log_in(String(data.get("user")), String(data.get("password")));
		set_busy(false);
		set_wrong(error);
		if (error === null)
			void load().then(reconnect_now);
	};
	const close = () => { set_wrong(null); give_up_login(); };
	return <Dialog open={login_open.value} onClose={close} label={t("login.in")}>
		<form class="login" onSubmit={(e) => void submit(e)}>
			<h2>{t("login.in")}</h2>
			<label>{t("login.user")}<input name="user" autocomplete="username" required /></label>
			<label>{t("login.password")}<input name="password" type="password"
				autocomplete="current-password" required /></label>
			{wrong && <p class="wrong" role="alert">{wrong}</p>}
			<div class="buttons">
				<button type="button" onClick={close}>{t("word.cancel")}</button>
				<button type="submit" class="main" disabled={busy}>{t("login.in")}</button>
			</div>
		</form>
	</Dialog>;
}
