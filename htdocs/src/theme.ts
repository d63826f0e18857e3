// theme.ts: sets the colours before the first paint, so that nothing flashes, and
// asks for the texts.
import { apply_appearance, apply_language, load_prefs } from "./prefs_store.ts";

const prefs = load_prefs();
apply_appearance(prefs);
apply_language(prefs);
