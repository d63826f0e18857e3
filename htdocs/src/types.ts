// types.ts: what the coordinator sends (docs/openapi.yaml, docs/live.md).
// Unknown is null. 64-bit ids are strings.

export type Num = number | null;
export type Text = string | null;

export interface Account {
	login: string;
	trade_mode: Num;
	leverage: Num;
	margin_mode: Num;
	trade_allowed: boolean | null;
	trade_expert: boolean | null;
	currency: Text;
	currency_digits: Num;
	balance: Num;
	credit: Num;
	profit: Num;
	equity: Num;
	margin: Num;
	margin_free: Num;
	margin_level: Num;
	margin_so_mode?: Num; /* 0 percent, 1 money */
	margin_so_call: Num;
	margin_so_so: Num;
	name: Text;
	server: Text;
	company: Text;
	[field: string]: unknown;
}

export interface Terminal {
	connected?: boolean | null;
	trade_allowed?: boolean | null;
	build?: Num;
	ping_last?: Num; /* microseconds */
	[field: string]: unknown;
}

export interface Pl {
	floating: Num;
	day: Num;
	total: Num;
	total_pct: Num;
	estimated?: boolean | null;
}

export interface Phase {
	phase: Text;
	status: Text;
	holder: Text;
	prop_firm: Text;
	vs_group: Text;
	initial_balance: Num;
	tags: string[] | null;
	note?: Text;
	started_utc?: Text;
	paused_until_utc?: Text;
	rule_set?: { id: number; name: string } | null;
	version?: number | string | null;
}

export interface Rules {
	today_left: Num;
	total_left: Num;
	target_left: Num;
	used_today: Num;
	used_total: Num;
	days_done: Num;
	days_needed: Num;
	resets_utc: Text;
	estimated: boolean | null;
	today_test?: Text; /* equity, balance or higher: what the rule looks at */
	total_test?: Text;
	target_test?: Text;
	total_mode?: Text; /* static, trailing_eod or trailing: what its floor follows */
	total_high?: Text; /* equity, balance or higher: what is to be high */
	total_room?: Num; /* trailing: how far that may rise before the floor does */
	total_rise?: Num; /* and how far the floor then can; null: no end */
}

/* A row as the wire has it. */
export interface WireRow {
	server: Text;
	login: Text;
	node: string;
	status: string;
	since_utc?: Text;
	at_utc?: Text;
	age_s?: Num;
	error?: Text;
	account?: Account | null;
	terminal?: Terminal | null;
	broker_offset_s?: Num;
	positions?: Num;
	orders?: Num;
	cash?: Num; /* deals that are no trade */
	pl?: Pl | null;
	phase?: Phase | null;
	rules?: Rules | null;
}

export interface AccountsAnswer {
	as_of_utc: string;
	live_id: Text;
	accounts: WireRow[];
}

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
	broker_offset_s: Num;
	positions: Num;
	orders: Num;
	cash: Num;
	pl: Pl | null;
	phase: Phase | null;
	rules: Rules | null;
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

export interface HeartbeatMessage {
	type: "heartbeat";
	collector_age_s: Num;
	now_utc: string;
}

export type Message =
	| ({ id?: string; type: "account" } & WireRow)
	| ({ id?: string; type: "status" } & WireRow)
	| { id?: string; type: "phase"; server: string; login: string; phase: Phase; who?: string }
	| AlertMessage
	| HeartbeatMessage
	| { type: "hello"; live_id: Text; version?: string }
	| { type: "reset" }
	| { type: "error"; code: string; message: string };

export interface Position {
	ticket: string;
	time_msc: Num;
	type: Num;
	volume: Num;
	price_open: Num;
	price_current: Num;
	sl: Num;
	tp: Num;
	swap: Num;
	profit: Num;
	symbol: Text;
	comment: Text;
	[field: string]: unknown;
}

export interface Order {
	ticket: string;
	time_setup: Num;
	type: Num;
	volume_current: Num;
	price_open: Num;
	price_current: Num;
	sl: Num;
	tp: Num;
	symbol: Text;
	comment: Text;
	[field: string]: unknown;
}

export interface Trade {
	position_id: string;
	part?: Num; /* an inout splits a position */
	symbol: Text;
	type: Num;
	volume: Num;
	volume_closed?: Num;
	time_open_msc: Num;
	time_close_msc: Num;
	price_open: Num;
	price_close: Num;
	profit: Num;
	commission: Num;
	swap: Num;
	fee: Num;
	net: Num;
	state: Text;
	reason?: Num;
	deals?: number;
	imported?: boolean;
}

/* How far the ledger's deals are the account's (docs/openapi.yaml). */
export interface History {
	state: string;
	error: Text;
	synced_utc: Text;
	deals: number;
	missing: number;
	residue: Num;
	credit_residue: Num;
	residue_note: Text;
	checked_utc: Text;
}
