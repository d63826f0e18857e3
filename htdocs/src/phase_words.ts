// phase_words.ts: the phases and their statuses that are offered; the server takes
// any phase's word.
export const phase_words = ["F1", "F2", "F3", "R", "Q"];
export const phase_statuses = ["active", "target_reached", "passed", "breached", "paused", "archived"];
