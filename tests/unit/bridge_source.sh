#!/bin/sh
# The bridge's source: it reads only, and is MQL5 as MetaEditor takes it.
cd "$(dirname "$0")/../.." || exit 1
failed=0
code=$(mktemp) || exit 1
trap 'rm -f "$code"' EXIT
# without comments; each line with its file and number
for file in agent/bridge/*.mq5 agent/bridge/*.mqh; do
	sed 's,//.*,,' "$file" | grep -n . | sed "s,^,$file:,"
done >"$code"

verdict() { # name lines-that-should-not-be
	if [ -z "$2" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1: $2"
		failed=1
	fi
}
has_none() { # name pattern
	verdict "$1" "$(grep -E -e "$2" "$code")"
}

verdict 'the source is there' \
	"$([ "$(wc -l <"$code")" -gt 500 ] || echo 'agent/bridge is empty')"
has_none 'it has no way to trade' \
	'Order(Send|Check|Calc|Delete|Modify|Close)|CTrade|CPosition|COrder|PositionClose|PositionModify|TRADE_ACTION|[<"]Trade'
has_none 'it has no way out but files' \
	'#import|\.dll|WebRequest|Socket|Send(Mail|FTP|Notification)|ShellExecute|Database|[Pp]ipe|GlobalVariable|ChartApply|ExpertRemove|TerminalClose'
has_none 'it has no inputs' '\b(s?input|extern) '
verdict 'it includes nothing but itself' \
	"$(grep '#include' "$code" | grep -v '#include "Mt5Fleet[A-Za-z]*\.mqh"$')"
# a call may go on in the next line
verdict 'it touches files in the common folder only' \
	"$(sed 's/^[^:]*:[0-9]*://' "$code" | tr '\n' ' ' | tr ';' '\n' |
		grep -E 'File(Open|Move|Delete|FindFirst|IsExist)\(|FolderCreate\(' |
		grep -v FILE_COMMON)"
has_none 'it has nothing that only C++ knows' \
	'->|std::|\b(nullptr|auto|namespace|using|typedef|unsigned|size_t|constexpr|noexcept|goto|throw|try|int64_t|wchar_t|virtual|static_assert)\b|_cast<|#if |#elif|#pragma|char *\*|for *\([^;]*:'
has_none 'dynamic arrays go through the macros' \
	'^[^#]*\b(uchar|uint|ulong|string|Mt5Fleet[A-Za-z]*) +&?[a-z_]+\[\]'
# C++ joins two literals that stand side by side, MQL5 does not; it adds two
verdict 'two literals are not side by side' \
	"$(sed -E 's/"([^"\\]|\\.)*"/@/g' "$code" | grep -E '@ *\+? *@')"
for file in agent/bridge/*; do
	head -1 "$file" | grep -q '^// mt5fleet' ||
		echo "$file does not say what it is"
	[ "$(wc -l <"$file")" -le 600 ] || echo "$file is too long"
done >"$code"
verdict 'its files are short and say what they are' "$(cat "$code")"
exit $failed
