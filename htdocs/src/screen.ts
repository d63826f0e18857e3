// screen.ts: is the screen narrow? Then rows are cards.
import { signal } from "@preact/signals";

const phone = matchMedia("(max-width: 759px)");

export const narrow = signal(phone.matches);
/* Which columns a table has by itself depends on it. */
export const view_width = signal(globalThis.innerWidth ?? 1440);
globalThis.addEventListener?.("resize", () => { view_width.value = innerWidth; });

phone.addEventListener("change", () => { narrow.value = phone.matches; });
