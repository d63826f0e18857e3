// main.tsx: starts the page.
import { effect } from "@preact/signals";
import { render } from "preact";
import { start_feed } from "./feed.ts";
import { start_keys } from "./keys.ts";
import { alerts } from "./panels/Alerts.tsx";
import { App } from "./panels/App.tsx";
import { start_nodes } from "./nodes.ts";
import { start_prefs } from "./prefs.ts";
import { find_session } from "./session.ts";
import { loaded, trusted } from "./state.ts";
import { start_view } from "./view.ts";

start_prefs();
start_view();
start_keys();
start_feed();
start_nodes();
void find_session();

/* The tab says it, too: how many alerts, or that the data is old. */
effect(() => {
	const bad = loaded.value && !trusted.value;
	const n = alerts.value.filter((a) => a.level !== "info").length;
	document.title = (bad ? "(!) " : n ? `(${n}) ` : "") + "mt5fleet";
});

const root = document.getElementById("app");
if (root)
	render(<App />, root);
