#!/usr/bin/env bash
# How fast `lint` is as a whole process, beside the tools that people know, on messages made of our own examples.
#
#   benches/compare.sh [--quick] [--lint PATH] [--runs N] [--limit SECONDS] [--files N] [--mbox MB]
#
# --quick takes a tenth of all sizes; --files and --mbox say another size of the folder and the mailbox, such as 100000 and 1000. A run
# that lasts longer than --limit is stopped and said to be so. Without --lint, cargo builds one. It wants Python 3.11 and GNU time, and
# ripgrep, typos, codespell, textlint and proselint as far as they are on PATH.
#
# These tools do less than `lint`, and none of them knows what a greeting is: ripgrep counts lines that hold one of 3,000 words of our
# lexicons; textlint, which has no rules of its own, looks up the same words; typos and codespell look up words that are often misspelt,
# proselint looks for phrases, these three in English. ripgrep runs twice, since its newer versions take more than a hundred times longer
# where words have Unicode's borders. Times are of the wall, so the machine should have nothing else to do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export LC_ALL=C.UTF-8

scale=1 runs=5 limit=600 files='' mbox='' lint=''
while (($#)); do
    case "$1" in
    --quick) scale=10 ;;
    --lint) lint="$(realpath "$2")" && shift ;;
    --runs) runs="$2" && shift ;;
    --limit) limit="$2" && shift ;;
    --files) files="$2" && shift ;;
    --mbox) mbox="$2" && shift ;;
    *) sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" && exit 2 ;;
    esac
    shift
done
files="${files:-$((10000 / scale))}"
mbox="${mbox:-$((200 / scale))}"

if [[ -z $lint ]]; then
    cargo build --release --locked --quiet
    lint="$PWD/target/release/lint"
fi

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

corpus() {
    python3 -B benches/corpus.py "$@"
}

corpus mail "$work/surel.txt" 2048
corpus archive "$work/pesan.jsonl" $((50000000 / scale))
corpus folder "$work/folder" "$files"
corpus mailbox "$work/arsip.mbox" $((mbox * 1000000))
corpus words "$work/words" 3000
corpus pack "$work/pack.toml" 10000
# For tools that take seconds for a megabyte.
head -n $(($(wc -l <"$work/pesan.jsonl.txt") / 50)) "$work/pesan.jsonl.txt" >"$work/part.txt"

mkdir "$work/rules"
cat >"$work/rules/words.js" <<JS
const words = new Set(require("fs").readFileSync("$work/words", "utf8").split("\n").filter(Boolean));
module.exports = ({ Syntax, RuleError, report, getSource }) => ({
    [Syntax.Str](node) {
        for (const { 0: word, index } of getSource(node).matchAll(/[\w-]+/g)) {
            if (words.has(word.toLowerCase())) report(node, new RuleError(word, { index }));
        }
    },
});
JS

# The heading of a group, whose rows count bytes (MB) or other things.
group() {
    base=''
    printf '\n%-42s %10s %10s %10s %12s %8s\n' "$1" best median memory "$2/s" '× lint'
}

# Runs a tool as often as asked for and prints its row: measure NAME AMOUNT COMMAND… The first run measures memory and warms the caches.
# "× lint" tells how much faster it is, for each byte, than the first row of its group, which is `lint` itself.
measure() {
    local name="$1" amount="$2" run start code times=()
    shift 2
    command -v "$1" >/dev/null || { printf '  %-40s %10s\n' "$name" 'not here' && return; }
    for ((run = 0; run <= runs; run++)); do
        code=0
        if ((run == 0)); then
            timeout "$limit" /usr/bin/time -q -f %M -o "$work/memory" "$@" >"$work/out" 2>"$work/err" || code=$?
        else
            start=$EPOCHREALTIME
            "$@" >"$work/out" 2>"$work/err" || code=$?
            times+=($((${EPOCHREALTIME/./} - ${start/./})))
        fi
        if ((code == 124)); then
            printf '  %-40s %10s\n' "$name" "over $limit s" && return
        elif ((code > 1)) && [[ $1 == "$lint" ]]; then # other tools say with such codes that they found something
            cat "$work/err" && exit "$code"
        fi
    done
    mapfile -t times < <(printf '%s\n' "${times[@]}" | sort -n)
    base="${base:-$amount / ${times[0]}}"
    awk -v name="$name" -v best="${times[0]}" -v median="${times[runs / 2]}" -v memory="$(<"$work/memory")" -v amount="$amount" 'BEGIN {
        printf "  %-40s %7.1f ms %7.1f ms %7.1f MB %12.2f %8.2f\n",
            name, best / 1e3, median / 1e3, memory / 1024, amount * 1e6 / best, amount / best / ('"$base"')
    }'
}

# How many MB a file has.
mb() {
    awk -v bytes="$(stat -c %s "$1")" 'BEGIN { printf "%.2f", bytes / 1e6 }'
}

words=(rg -j1 -c -i -w -F -f "$work/words")
ascii=("${words[@]}" --no-unicode)
textlint=(textlint --no-color --rulesdir "$work/rules")

printf '%s cores, the best and the median of %s runs\n' "$(nproc)" "$runs"
for tool in "$lint" rg typos codespell textlint; do
    command -v "$tool" >/dev/null && printf '%s %s\n' "${tool##*/}" "$("$tool" --version | grep -om 1 '[0-9][0-9.]*')"
done

mail="$work/surel.txt"
group 'A mail of 2 KB: the whole process' mails
measure 'lint' 1 "$lint" "$mail"
measure 'lint, a pack of 10,000 terms' 1 "$lint" --pack "$work/pack.toml" "$mail"
measure 'true, which does nothing' 1 "$(type -P true)"
measure 'ripgrep, 3,000 words' 1 "${words[@]}" "$mail"
measure 'ripgrep, 3,000 words, --no-unicode' 1 "${ascii[@]}" "$mail"
measure 'typos' 1 typos -j1 "$mail"
measure 'codespell' 1 codespell "$mail"
measure 'textlint, 3,000 words' 1 "${textlint[@]}" "$mail"
measure 'proselint' 1 proselint check "$mail"

jsonl="$work/pesan.jsonl" text="$work/pesan.jsonl.txt" part="$work/part.txt"
group "$(mb "$jsonl") MB of JSONL; others read its text" MB
measure 'lint --jobs 1 --quiet' "$(mb "$jsonl")" "$lint" --jobs 1 --quiet "$jsonl"
measure 'lint --jobs 1 --format jsonl' "$(mb "$jsonl")" "$lint" --jobs 1 --format jsonl "$jsonl"
measure 'lint --jobs 2 --quiet' "$(mb "$jsonl")" "$lint" --jobs 2 --quiet "$jsonl"
measure 'lint --jobs 1, a pack of 10,000 terms' "$(mb "$jsonl")" "$lint" --jobs 1 --quiet --pack "$work/pack.toml" "$jsonl"
measure 'ripgrep, 3,000 words' "$(mb "$text")" "${words[@]}" "$text"
measure 'ripgrep, 3,000 words, --no-unicode' "$(mb "$text")" "${ascii[@]}" "$text"
measure 'typos' "$(mb "$text")" typos -j1 "$text"
measure 'codespell' "$(mb "$text")" codespell "$text"
measure 'textlint, 3,000 words, a fiftieth of it' "$(mb "$part")" "${textlint[@]}" "$part"
measure 'proselint, a fiftieth of it' "$(mb "$part")" proselint check "$part"

group "A folder of $files files" files
measure 'lint --jobs 1 --quiet' "$files" "$lint" --jobs 1 --quiet "$work/folder"
measure 'lint --jobs 2 --quiet' "$files" "$lint" --jobs 2 --quiet "$work/folder"
measure 'ripgrep, 3,000 words' "$files" "${words[@]}" "$work/folder"
measure 'ripgrep, 3,000 words, --no-unicode' "$files" "${ascii[@]}" "$work/folder"
measure 'typos' "$files" typos -j1 "$work/folder"
measure 'codespell' "$files" codespell "$work/folder"
measure 'textlint, 3,000 words' "$files" "${textlint[@]}" "$work/folder/**/*.txt"

group "A mailbox of $mbox MB" MB
measure 'lint --jobs 1 --quiet' "$mbox" "$lint" --jobs 1 --quiet "$work/arsip.mbox"
measure 'lint --jobs 2 --quiet' "$mbox" "$lint" --jobs 2 --quiet "$work/arsip.mbox"
measure 'ripgrep, 3,000 words' "$mbox" "${words[@]}" "$work/arsip.mbox"
measure 'ripgrep, 3,000 words, --no-unicode' "$mbox" "${ascii[@]}" "$work/arsip.mbox"
