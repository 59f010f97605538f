#!/usr/bin/env bash
# Times durbin beside PySAL and GeoDa; what is given goes to compare.py. Packages go into target/peers.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=$here/../../target/peers

if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
fi
exec "$venv/bin/python" -B "$here/compare.py" "$@"
