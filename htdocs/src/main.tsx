// main.tsx: starts the page.
import { render } from "preact";
import { start_alerts } from "./alert_list.ts";
import { start_badge } from "./badge.ts";
import { start_curves } from "./fleet_curve.ts";
import { start_feed } from "./feed.ts";
import { when_text } from "./language.ts";
import { start_keys } from "./keys.ts";
import { App } from "./panels/App.tsx";
import { start_nodes } from "./nodes.ts";
import { start_notify } from "./notify.ts";
import { start_prefs } from "./prefs.ts";
import { find_session } from "./session.ts";
import { start_update } from "./update.ts";
import { start_view } from "./view.ts";

start_prefs();
start_view();
start_keys();
start_feed();
start_nodes();
start_curves();
start_update();
void find_session();

start_alerts();
start_badge();
start_notify();

/* the data are asked for meanwhile */
when_text(() => {
	const root = document.getElementById("app");
	if (root)
		render(<App />, root);
});
