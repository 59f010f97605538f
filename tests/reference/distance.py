#!/usr/bin/env python3
"""Weights from distances by PySAL, between the centroids of columbus/ and topology/.

    distance.py            prints what the two distance.json hold
    distance.py --check    compares them: neighbours exactly, numbers to 1e-12 of their size

Neighbours are counted from 0 in the order of the file, each row ascending. PySAL's sparse matrices drop
pairs at distance zero; here they are neighbours, as in GeoDa.
"""

import json
import sys
import warnings
from pathlib import Path

import geopandas
import numpy
from libpysal.weights import KNN, DistanceBand, Kernel, min_threshold_distance
from scipy.spatial.distance import cdist

HERE = Path(__file__).resolve().parent
warnings.simplefilter("ignore")  # about islands, which are meant, and about what happens at distance zero


def rows(w, values=False):
    table = []
    for i in range(w.n):
        row = sorted(zip(w.neighbors[i], w.weights[i]))
        table.append([[int(j) for j, _ in row], [float(x) for _, x in row]])
    neighbours = [row[0] for row in table]
    return {"neighbors": neighbours, "weights": [row[1] for row in table]} if values else neighbours


def band(points, threshold):
    neighbours = [set(row) for row in rows(DistanceBand(points, threshold, binary=True))]
    for i, j in zip(*numpy.nonzero(cdist(points, points) == 0)):
        if i != j:
            neighbours[i].add(int(j))
    return {"threshold": threshold, "neighbors": [sorted(row) for row in neighbours]}


def kernel(points, function, fixed):
    w = Kernel(points, k=4, fixed=fixed, function=function)
    bandwidth = [float(h) for h in w.bandwidth.flatten()]
    return {"bandwidth": bandwidth[:1] if fixed else bandwidth, **rows(w, True)}


def weights(folder):
    polygons = geopandas.read_file(HERE / folder / f"{folder}.geojson").geometry
    # Plane coordinates of an unknown system, whatever GeoJSON takes them for.
    centroids = polygons.set_crs(None, allow_override=True).centroid
    points = numpy.column_stack([centroids.x, centroids.y])
    smallest = float(min_threshold_distance(points))
    computed = {
        "centroids": points.tolist(),
        "smallest_band": smallest,
        "band": band(points, smallest * (1 + 1e-7)),
        "half_band": band(points, smallest / 2),
    }
    if folder == "columbus":
        threshold = computed["band"]["threshold"]
        for power in (1, 2):
            w = DistanceBand(points, threshold, binary=False, alpha=-float(power))
            computed[f"inverse_distance_{power}"] = rows(w, True)
        computed["knn4"] = rows(KNN.from_array(points, k=4))
        for function in ("uniform", "triangular", "quadratic", "quartic", "gaussian"):
            computed[f"{function}_fixed"] = kernel(points, function, True)
            computed[f"{function}_adaptive"] = kernel(points, function, False)
    return computed


def same(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b if isinstance(a, int) else abs(a - b) <= 1e-12 * max(abs(a), abs(b))


def main():
    computed = {folder: weights(folder) for folder in ("columbus", "topology")}
    if "--check" not in sys.argv[1:]:
        for folder, numbers in computed.items():
            print(json.dumps({folder: numbers}))
        return 0
    held = True
    for folder, numbers in computed.items():
        expected = json.loads((HERE / folder / "distance.json").read_text())
        equal = same(expected, numbers)
        print(f"{folder}: weights from distances {'the same' if equal else 'NOT the same'}")
        held = held and equal
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
