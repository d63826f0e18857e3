// types.ts: what the coordinator sends, by the names the page has for it. The
// shapes are the contract's (docs/openapi.yaml; build.mjs makes contract.ts).
import type { components } from "./contract.ts";

type Schemas = components["schemas"];

export type Num = number | null;
export type Text = string | null;

export type Account = Schemas["MtAccount"];
export type Terminal = Schemas["MtTerminal"];
export type Position = Schemas["MtPosition"];
export type Order = Schemas["MtOrder"];
export type Pl = Schemas["Pl"];
export type Phase = Schemas["Phase"];
export type Rules = Schemas["Rules"];
export type RuleLine = Schemas["RuleLine"];
export type Trade = Schemas["Trade"];
export type Deal = Schemas["Deal"];
export type CashFlow = Schemas["CashFlow"];
export type Sample = Schemas["Sample"];
export type FleetEquity = Schemas["FleetEquity"];
export type Statistics = Schemas["Statistics"];
export type StatisticsAnswer = Schemas["StatisticsAnswer"];
export type StatisticsDay = Schemas["StatisticsDay"];
export type Period = Schemas["Period"];
export type Verdict = Schemas["Verdict"];
export type Proposal = Schemas["Proposal"];
export type History = Schemas["History"];
export type Business = Schemas["Business"];
export type BusinessEntry = Schemas["BusinessEntry"];
export type BusinessSum = Schemas["BusinessSum"];
export type Exposure = Schemas["Exposure"];
export type ExposureHolding = Schemas["ExposureHolding"];
export type ExposurePair = Schemas["ExposurePair"];
export type ExposureProposal = Schemas["ExposureProposal"];
export type ExposureSum = Schemas["ExposureSum"];
export type ExposureSymbol = Schemas["ExposureSymbol"];
export type Audit = Schemas["Audit"];
export type Agent = Schemas["Agent"];
export type User = Schemas["User"];
export type UserChanged = Schemas["UserChanged"];
export type NodeList = Schemas["NodeList"];
export type NodeEntry = Schemas["NodeEntry"];
export type NodeJoin = Schemas["NodeJoin"];
export type NodeDone = Schemas["NodeDone"];
export type RuleSet = Schemas["RuleSet"];
export type RuleSetDone = Schemas["RuleSetDone"];
export type RulesStep = Schemas["RulesStep"];
export type AlertList = Schemas["AlertList"];
export type AlertEntry = Schemas["AlertEntry"];
export type AlertMute = Schemas["AlertMute"];
export type AlertAck = Schemas["AlertAck"];
export type Session = Schemas["Session"];
export type AccountsAnswer = Schemas["Accounts"];

/* A row of an answer, or what a message says of one: not all of it. */
type Named = "server" | "login" | "node" | "status";
export type WireRow = Pick<Schemas["Row"], Named> & Partial<Omit<Schemas["Row"], Named>> &
	{ error?: Text };

/* A row as the page holds it: times are numbers, nothing is left out. */
export interface Row {
	key: string;
	server: Text;
	login: Text;
	node: string;
	status: string;
	since_ms: Num;
	at_ms: Num; /* server's clock: when the values were last known true */
	error: Text;
	account: Account | null;
	terminal: Terminal | null;
	broker_offset_s: Num; /* now */
	broker_zone: Text; /* of all times, where it is known: "New York close" */
	usd_rate: Num; /* dollars for one unit of its currency, by the broker */
	positions: Num;
	orders: Num;
	cash: Num;
	pl: Pl | null;
	phase: Phase | null;
	rules: Rules | null;
	rule_lines: RuleLine[] | null;
}

export interface AlertMessage {
	id?: string;
	type: "alert";
	key: string;
	level: "info" | "warn" | "critical";
	server?: Text;
	login?: Text;
	text: string;
}

export type Message =
	| Schemas["AccountMessage"]
	| Schemas["StatusMessage"]
	| { id?: string; type: "phase"; server: string; login: string; phase: Phase; who?: string }
	| AlertMessage
	| Schemas["HeartbeatMessage"]
	| Schemas["HelloMessage"]
	| { type: "reset" }
	| { type: "pong"; now_utc: string }
	| { type: "error"; code: string; message: string };
