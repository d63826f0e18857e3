#!/usr/bin/env python3
"""coverage.py BUILD: the branches of money, trades, rules, deals and zones that no
unit test takes, as gcov counted them in a build with --coverage (make coverage).
tests/coverage.known says of those that cannot be taken why; a line of it that
stands for none is told, too. What is printed is to be looked at: it fails nothing."""
import glob
import json
import os
import subprocess
import sys

NAMES = ("money", "trade", "rule", "deal", "zone", "broker_zone", "results")
KNOWN = "tests/coverage.known"


def counted(build):
    """{source: {line: [count of each branch]}} of lib/trading."""
    found = {}
    for notes in sorted(glob.glob(f"{build}/obj/lib/trading/*.gcda")):
        if not os.path.basename(notes).startswith(NAMES):
            continue
        out = subprocess.run(["gcov", "-b", "-t", "-j", notes], capture_output=True, text=True, check=True)
        for file in json.loads(out.stdout)["files"]:
            if not file["file"].startswith("lib/trading/") or not file["file"].endswith(".c"):
                continue
            lines = found.setdefault(file["file"], {})
            for line in file["lines"]:
                if line["branches"]:
                    had = lines.setdefault(line["line_number"], [0] * len(line["branches"]))
                    lines[line["line_number"]] = [a + b["count"] for a, b in zip(had, line["branches"])]
    return found


def known():
    """[(file, text of the line)], with the reason behind " -- "."""
    rows = []
    if os.path.exists(KNOWN):
        for text in open(KNOWN, encoding="utf-8"):
            if text.strip() and not text.startswith("#"):
                where, _, why = text.rstrip("\n").partition(" -- ")
                file, _, line = where.partition(": ")
                assert why, f"{KNOWN}: no reason: {text}"
                rows.append((file, line.strip()))
    return rows


def main():
    found, allowed, used, left, total, bad = counted(sys.argv[1]), known(), set(), 0, 0, []
    for file, lines in sorted(found.items()):
        source = open(file, encoding="utf-8").read().split("\n")
        for number, counts in sorted(lines.items()):
            total += len(counts)
            missing = counts.count(0)
            if not missing:
                continue
            text = source[number - 1].strip()
            if (file, text) in allowed:
                used.add((file, text))
                left += missing
            else:
                bad.append(f"{file}:{number}: {missing} of {len(counts)} not taken: {text}")
    for row in bad:
        print(row)
    for row in allowed:
        if row not in used:
            print(f"{KNOWN}: stands for nothing: {row[0]}: {row[1]}")
    print(f"{total} branches, {len(bad)} lines with some that no test takes, {left} branches that cannot be")
    return 0


if __name__ == "__main__":
    sys.exit(main())
