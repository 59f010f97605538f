#!/usr/bin/env bash
# The pairs of geodesic.csv with the distances of PROJ's geod.
#
#   geodesic.sh            prints what geodesic.csv holds
#   geodesic.sh --check    compares it with geodesic.csv
set -euo pipefail
table=$(dirname "${BASH_SOURCE[0]}")/geodesic.csv

computed() {
    head -n 1 "$table"
    for ellipsoid in WGS84 clrk66; do
        pairs=$(grep "^$ellipsoid," "$table" | sed 's/,[^,]*$//')
        metres=$(tr , ' ' <<<"$pairs" | awk '{ print $(NF-3), $(NF-2), $(NF-1), $NF }' |
            geod "+ellps=$ellipsoid" -I -F '%.9f' | awk '{ print $NF }')
        paste -d , <(echo "$pairs") <(echo "$metres")
    done
}

if [ "${1:-}" = --check ]; then
    diff "$table" <(computed) && echo "geodesic distances: the same"
else
    computed
fi
