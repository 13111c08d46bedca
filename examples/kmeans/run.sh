#!/usr/bin/env bash
# Fixed against floating point in K-means: tables on standard output, kmeans.csv and kmeans.svg in FOLDER.
# Usage: run.sh [PROGRAM [FOLDER]]   the built program (default: ../../build/release/examples/kmeans/kmeans) and the folder to
# write (default: a new one)
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
program=${1:-$here/../../build/release/examples/kmeans/kmeans}
out=${2:-$(mktemp -d)}
mkdir -p "$out"
"$program" "$out"
printf 'results in %s\n' "$out" >&2
