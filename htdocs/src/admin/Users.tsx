// Users.tsx: who may log in: add, role, disable, a link for a password.
import { useState } from "preact/hooks";
import { at } from "../api.ts";
import * as fmt from "../format.ts";
import { prefs } from "../prefs.ts";
import { session } from "../session.ts";
import { t, word } from "../text.tsx";
import type { User, UserChanged } from "../types.ts";
import { Copy, Got, values_of } from "./parts.tsx";
import { act, useGet } from "./use.ts";

const roles = ["viewer", "trader", "manager", "admin"] as const;

/* Which accounts the user sees: a line for each that gives some; none: all. */
function Accounts({ u, onSave }: { u: User; onSave: (accounts: string[] | null) => void }) {
	const given = u.accounts;
	const submit = (e: SubmitEvent) => {
		e.preventDefault();
		const { accounts = "" } = values_of(e.currentTarget as HTMLFormElement);
		const lines = accounts.split("\n").map((l) => l.trim()).filter((l) => l !== "");
		onSave(lines.length === 0 ? null : lines[0] === "none" ? [] : lines);
	};
	return <details><summary>{given === null ? t("users.all_accounts") :
		given.length === 0 ? t("users.no_accounts") : <bdi>{given.join(", ")}</bdi>}</summary>
		<form class="line-form" onSubmit={submit}>
			<label>{t("users.accounts_hint")}<textarea name="accounts" rows={3} spellcheck={false}
				key={given?.join("\n")} defaultValue={given === null ? "" : given.join("\n") || "none"} /></label>
			<button type="submit">{t("word.save")}</button></form></details>;
}

function link_of(token: string): string {
	return new URL(at(`/admin/password?token=${token}`), document.baseURI).href;
}

function Line({ u, onDone, onLink }: { u: User; onDone: () => void;
    onLink: (of: UserChanged) => void }) {
	const put = async (change: Partial<User>, done: string) => {
		await act("POST", "/api/users", { user: u.name, ...change }, done);
		onDone();
	};
	const link = async () => {
		const made = await act<UserChanged>("POST", "/api/users", { user: u.name, action: "link" },
			t("users.link_made", { user: u.name }));
		if (made?.token)
			onLink(made);
	};
	return <tr class={u.disabled ? "old" : ""}>
		<th scope="row">{u.name}{u.name === session.value?.user && <small class="faint"> {t("users.me")}</small>}</th>
		<td><select aria-label={t("users.role_of", { user: u.name })} value={u.role} onChange={(e) =>
			void put({ role: e.currentTarget.value as User["role"] }, t("users.changed", { user: u.name }))}>
			{roles.map((r) => <option key={r} value={r}>{word("role", r)}</option>)}</select></td>
		<td><Accounts u={u} onSave={(accounts) =>
			void put({ accounts }, t("users.changed", { user: u.name }))} /></td>
		<td>{u.disabled ? t("users.disabled") : u.has_password ? t("users.active") : t("users.invited")}</td>
		<td>{fmt.moment(Date.parse(u.changed_utc), prefs.value.zone, null, false)}</td>
		<td class="actions">
			<button type="button" onClick={() => void put({ disabled: !u.disabled },
				t(u.disabled ? "users.now_enabled" : "users.now_disabled", { user: u.name }))}>
				{t(u.disabled ? "users.enable" : "users.disable")}</button>
			<button type="button" onClick={() => void link()}>{t("users.link")}</button>
		</td>
	</tr>;
}

function Add({ onMade }: { onMade: (of: UserChanged) => void }) {
	const submit = async (e: SubmitEvent) => {
		e.preventDefault();
		const form = e.currentTarget as HTMLFormElement;
		const { user = "", role = "" } = values_of(form);
		const made = await act<UserChanged>("POST", "/api/users", { user, role }, t("users.added", { user }));
		if (!made)
			return;
		form.reset();
		onMade(made);
	};
	return <form class="line-form" onSubmit={(e) => void submit(e)}>
		<label>{t("users.name")}<input name="user" required maxLength={64} autocomplete="off"
			pattern="[A-Za-z0-9._@\-]+" title={t("users.name_hint")} /></label>
		<label>{t("users.role")}<select name="role">{roles.map((r) =>
			<option key={r} value={r}>{word("role", r)}</option>)}</select></label>
		<button type="submit" class="main">{t("users.add")}</button>
	</form>;
}

export function Users() {
	const got = useGet<{ users: User[] }>("/api/users");
	const [link, set_link] = useState<UserChanged | null>(null);
	const made = (of: UserChanged) => { set_link(of.token ? of : null); got.again(); };
	return <Got got={got}>{({ users }) => <>
		<Add onMade={made} />
		{link?.token && <Copy label={t("users.link_for", { user: link.user,
			at: fmt.moment(Date.parse(link.expires_utc ?? ""), prefs.value.zone, null, false) })}
			text={link_of(link.token)} />}
		<div class="scroll"><table class="small">
			<caption class="unseen">{t("admin.users")}</caption>
			<thead><tr><th scope="col">{t("users.name")}</th><th scope="col">{t("users.role")}</th>
				<th scope="col">{t("users.accounts")}</th>
				<th scope="col">{t("users.state")}</th><th scope="col">{t("users.since")}</th>
				<td /></tr></thead>
			<tbody>{users.map((u) => <Line key={u.name} u={u} onDone={got.again} onLink={made} />)}</tbody>
		</table></div>
		<p class="remark">{t("users.remark")}</p>
	</>}</Got>;
}
