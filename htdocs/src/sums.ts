// sums.ts: what is added up over the rows that are shown, once for all who show it.
import { computed } from "@preact/signals";
import { risks } from "./limits.ts";
import { judged_ms } from "./state.ts";
import { totals } from "./totals.ts";
import { shown_rows } from "./view.ts";

export const shown_totals = computed(() => totals(shown_rows.value, judged_ms.value));
export const shown_risks = computed(() => risks(shown_rows.value, judged_ms.value)
	.filter((r) => r.accounts > 0));
