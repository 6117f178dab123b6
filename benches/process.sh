#!/usr/bin/env bash
# Whole processes: one draft of 2 KB, and an archive of 50 MB made from the examples. Needs hyperfine and GNU time.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet
lint=target/release/lint
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat examples/good/email-jadwal-ktp.txt > "$work/email.txt"
tail -n +6 examples/good/email-tagihan-pbb.txt >> "$work/email.txt"
head -c 2048 "$work/email.txt" > "$work/email-2k.txt"
while [ "$(stat -c %s "$work/archive.jsonl" 2>/dev/null || echo 0)" -lt 50000000 ]; do
  for _ in $(seq 200); do cat examples/batch.jsonl; done >> "$work/archive.jsonl"
done
hyperfine --warmup 5 --shell none --ignore-failure "$lint --version" "$lint $work/email-2k.txt" "$lint examples/bad/email-keluhan-ktp.txt"
for options in "--jobs 1 --quiet" "--jobs 2 --quiet" "--jobs 1 --format jsonl --output $work/out.jsonl"; do
  # shellcheck disable=SC2086
  /usr/bin/time -f "$options: %e s, %M KiB" "$lint" $options "$work/archive.jsonl" >/dev/null 2>"$work/log" || true
  tail -1 "$work/log"
done
