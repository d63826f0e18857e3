// Records.tsx: a list of a tab: a table, or cards where a table would not fit.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { narrow } from "../screen.ts";
import { t, type Plain } from "../text.tsx";

export interface Field<T> {
	label: Plain;
	cell: (item: T) => ComponentChildren;
	end?: boolean; /* a number: at the end of its column */
	figure?: boolean; /* on a card: the large one beside the title */
}

/* The first field is the title. */
interface Records<T> {
	list: T[];
	fields: Field<T>[];
	key_of: (item: T) => string;
	title?: (item: T) => string;
	detail?: (item: T) => ComponentChildren; /* below, once it is asked for */
}

function Toggle({ open, onClick, children }: { open: boolean; onClick: () => void;
    children: ComponentChildren }) {
	return <button type="button" class="plain toggle" aria-expanded={open} onClick={onClick}>
		<span class="mark" aria-hidden="true">{open ? "▾" : "▸"}</span>{children}</button>;
}

function useOpen(): [ReadonlySet<string>, (key: string) => void] {
	const [open, set_open] = useState<ReadonlySet<string>>(new Set());
	const flip = (key: string) => {
		const next = new Set(open);
		if (!next.delete(key))
			next.add(key);
		set_open(next);
	};
	return [open, flip];
}

function AsTable<T>({ list, fields, key_of, title, detail }: Records<T>) {
	const [open, flip] = useOpen();
	const [first, ...rest] = fields as [Field<T>, ...Field<T>[]];
	return <div class="scroll"><table class="small">
		<thead><tr>{fields.map((f) =>
			<th key={f.label} scope="col" class={f.end ? "end" : ""}>{t(f.label)}</th>)}</tr></thead>
		<tbody>{list.map((item) => {
			const key = key_of(item);
			return <>
				<tr key={key} title={title?.(item)}>
					<th scope="row">{detail ? <Toggle open={open.has(key)}
						onClick={() => flip(key)}>{first.cell(item)}</Toggle> : first.cell(item)}</th>
					{rest.map((f) => <td key={f.label} class={f.end ? "end nowrap" : ""}>
						{f.cell(item)}</td>)}
				</tr>
				{detail && open.has(key) && <tr key={`${key}+`} class="detail">
					<td colSpan={fields.length}>{detail(item)}</td></tr>}
			</>;
		})}</tbody>
	</table></div>;
}

function AsCards<T>({ list, fields, key_of, detail }: Records<T>) {
	const [open, flip] = useOpen();
	const [first, ...rest] = fields as [Field<T>, ...Field<T>[]];
	const figure = rest.find((f) => f.figure);
	return <ul class="records">{list.map((item) => {
		const key = key_of(item);
		return <li key={key}>
			<p class="line"><b>{detail ? <Toggle open={open.has(key)} onClick={() => flip(key)}>
				{first.cell(item)}</Toggle> : first.cell(item)}</b>
				{figure && <span class="big">{figure.cell(item)}</span>}</p>
			<dl>{rest.filter((f) => f !== figure).map((f) => <div key={f.label}>
				<dt>{t(f.label)}</dt><dd>{f.cell(item)}</dd></div>)}</dl>
			{detail && open.has(key) && detail(item)}
		</li>;
	})}</ul>;
}

export function Records<T>(props: Records<T>) {
	return narrow.value ? <AsCards {...props} /> : <AsTable {...props} />;
}
