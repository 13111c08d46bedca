#!/usr/bin/env bash
# Makes a virtual environment with the packages of requirements.txt and compares the built command with them.
# Usage: run.sh COMMAND WORK_FOLDER [--full]      exit 77 = the packages cannot be had here
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
command="$1" work="$2"
shift 2
mkdir -p "$work"
if ! cmp -s "$here/requirements.txt" "$work/installed.txt"; then
  rm -rf "$work/venv"
  if ! { python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet --disable-pip-version-check --retries 1 --timeout 20 \
         -r "$here/requirements.txt"; }; then
    echo "skipped: pip cannot install $(tr '\n' ' ' < "$here/requirements.txt")"
    exit 77
  fi
  cp "$here/requirements.txt" "$work/installed.txt"
fi
exec "$work/venv/bin/python" "$here/differential.py" --command "$command" --work "$work" "$@"
