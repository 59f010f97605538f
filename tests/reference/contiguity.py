#!/usr/bin/env python3
"""Queen and rook neighbours by PySAL, from the polygons of columbus/ and topology/.

    contiguity.py            prints what the two contiguity.json hold
    contiguity.py --check    compares them, exactly

The union of strict contiguity (boundaries that share a point or a segment, whether or not the two polygons
have vertices there) and common vertices, which also links duplicates. Neighbours are counted from 0 in the
order of the file.
"""

import json
import sys
from pathlib import Path

import geopandas
from libpysal.graph import Graph

HERE = Path(__file__).resolve().parent


def neighbours(polygons, rook):
    lists = [set() for _ in range(len(polygons))]
    for strict in (True, False):
        graph = Graph.build_contiguity(polygons, rook=rook, strict=strict)
        for focal, neighbour in graph.adjacency[graph.adjacency > 0].index:
            lists[focal].add(int(neighbour))
    return [sorted(row) for row in lists]


def contiguity(folder):
    polygons = geopandas.read_file(HERE / folder / f"{folder}.geojson")
    return {"queen": neighbours(polygons, False), "rook": neighbours(polygons, True)}


def main():
    computed = {folder: contiguity(folder) for folder in ("columbus", "topology")}
    if "--check" not in sys.argv[1:]:
        json.dump(computed, sys.stdout)
        print()
        return 0
    held = True
    for folder, kinds in computed.items():
        expected = json.loads((HERE / folder / "contiguity.json").read_text())
        links = sum(len(row) for rows in kinds.values() for row in rows)
        same = expected == kinds
        print(f"{folder}: {links} queen and rook links, {'the same' if same else 'NOT the same'}")
        held = held and same
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
