// theme.ts: sets the colours before the first paint, so that nothing flashes.
import { apply_appearance, load_prefs } from "./prefs_store.ts";

apply_appearance(load_prefs());
