// Dialog.tsx: a native modal dialog that follows a flag; Esc closes it.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

export function Dialog({ open, onClose, label, children }: { open: boolean;
    onClose: () => void; label: string; children: ComponentChildren }) {
	const box = useRef<HTMLDialogElement>(null);
	useEffect(() => {
		const d = box.current;
		if (open && d && !d.open)
			d.showModal();
		if (!open && d?.open)
			d.close();
	}, [open]);
	return <dialog ref={box} aria-label={label} onClose={onClose}
		onClick={(e) => { if (e.target === box.current) onClose(); }}>
		{open && <div class="inside">{children}</div>}
	</dialog>;
}
