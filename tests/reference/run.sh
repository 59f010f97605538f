#!/usr/bin/env bash
# Computes every reference number again and compares it with the file that the tests read.
# Python's packages go into target/reference; R's have to be there (Debian: the names below).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=$here/../../target/reference

if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
fi
"$venv/bin/python" -B "$here/cigar/reference.py" --check
"$venv/bin/python" -B "$here/gmm/effects.py" --check
"$venv/bin/python" -B "$here/contiguity.py" --check
"$venv/bin/python" -B "$here/distance.py" --check
if command -v geod >/dev/null; then
    "$here/distance/geodesic.sh" --check
else
    echo "distance: not compared, for PROJ's geod is not here (Debian: proj-bin)" >&2
fi

r_packages="r-base-core r-cran-jsonlite r-cran-sf r-cran-spatialreg r-cran-spdep"
if command -v Rscript >/dev/null; then
    Rscript "$here/columbus/localG.R" --check
    Rscript "$here/columbus_xsec/models.R" --check
else
    echo "columbus, columbus_xsec: not compared, for R is not here (Debian: $r_packages)" >&2
fi
