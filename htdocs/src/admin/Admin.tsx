// Admin.tsx: the administration, in place of the table; its address is #/admin/….
import { at } from "../api.ts";
import { t } from "../text.tsx";
import { admin_sections, type AdminSection } from "../url.ts";
import { open_admin } from "../view.ts";
import { Audit } from "./Audit.tsx";
import { Nodes } from "./Nodes.tsx";
import { RuleSets } from "./RuleSets.tsx";
import { Users } from "./Users.tsx";

const panels: Record<AdminSection, () => preact.JSX.Element> =
	{ users: Users, nodes: Nodes, rules: RuleSets, audit: Audit };

export default function Admin({ section }: { section: AdminSection }) {
	const Panel = panels[section];
	return <section class="admin" aria-labelledby="admin-title">
		<header><h2 id="admin-title" tabIndex={-1}>{t("admin")}</h2>
			<nav class="chips" aria-label={t("admin")}>{admin_sections.map((s) =>
				<button type="button" key={s} class="chip" aria-current={s === section ? "page" : undefined}
					onClick={() => open_admin(s)}>{t(`admin.${s}`)}</button>)}</nav>
			<span class="space" />
			<a href={at("/admin/zones")}>{t("admin.zones")}</a>
			<button type="button" class="quiet" aria-label={t("word.close")}
				onClick={() => open_admin(null)}>×</button></header>
		<Panel />
	</section>;
}
