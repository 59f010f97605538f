#!/usr/bin/env bash
# Times durbin beside PySAL, GeoDa and pydynpd; what is given goes to compare.py. Packages go into target/peers, those of
# pydynpd, which needs an older NumPy, into target/peers-gmm.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=$here/../../target/peers

install() { # FOLDER REQUIREMENTS
    if [ ! -x "$1/bin/python" ]; then
        python3 -m venv "$1"
        "$1/bin/pip" install --quiet --requirement "$here/$2"
    fi
}

install "$venv" requirements.txt
install "$venv-gmm" requirements-gmm.txt
exec "$venv/bin/python" -B "$here/compare.py" "$@"
