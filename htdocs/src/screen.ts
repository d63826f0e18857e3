// screen.ts: is the screen narrow? Then rows are cards.
import { signal } from "@preact/signals";

const phone = matchMedia("(max-width: 759px)");

export const narrow = signal(phone.matches);
phone.addEventListener("change", () => { narrow.value = phone.matches; });
