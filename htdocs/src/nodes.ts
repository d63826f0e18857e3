// nodes.ts: what the coordinator says of each node: maintenance, latency, version.
import { signal } from "@preact/signals";
import { request } from "./api.ts";
import type { Agent as Node } from "./types.ts";

/* By name; what is not known is not there. */
export const nodes = signal<ReadonlyMap<string, Node>>(new Map());

const EVERY_MS = 60_000;

export async function load_nodes(): Promise<void> {
	if (document.visibilityState === "hidden")
		return;
	const answer = await request<{ agents: Node[] }>("/api/agents/status");
	if (answer.ok && Array.isArray(answer.data?.agents))
		nodes.value = new Map(answer.data.agents.map((n) => [n.node, n]));
}

export function start_nodes(): void {
	void load_nodes();
	setInterval(() => void load_nodes(), EVERY_MS);
}

/* Why nothing is expected of a node: then nothing is alarmed either. */
export function node_word(name: string): "" | "disabled" | "maintenance" {
	const node = nodes.value.get(name);
	return node?.enabled === false ? "disabled" : node?.maintenance ? "maintenance" : "";
}
