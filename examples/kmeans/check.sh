#!/usr/bin/env bash
# Runs the study and compares all it writes with expected/. Usage: check.sh PROGRAM FOLDER
# HALFULP_UPDATE_TRANSCRIPTS=1 makes what it writes the expected output.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
"$here/run.sh" "$1" "$2" > "$2.txt"
mv "$2.txt" "$2/tables.txt"
for file in tables.txt kmeans.csv kmeans.svg; do
  if [[ "${HALFULP_UPDATE_TRANSCRIPTS:-}" == 1 ]]; then cp "$2/$file" "$here/expected/$file"; fi
  diff -u "$here/expected/$file" "$2/$file"
done
