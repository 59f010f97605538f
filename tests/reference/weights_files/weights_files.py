#!/usr/bin/env python3
"""Writes the weights files of this folder by PySAL's writers.

    weights_files.py FOLDER    writes them into FOLDER

The matrix is small: keys 1 to 5 in this order, unit 5 without neighbours where the format has a way to
say so (PySAL's .swm has none that its own reader accepts, and its .gwt and .dat leave such units out).
"""

import sys
from pathlib import Path

import libpysal
from libpysal.graph import Graph
from libpysal.weights import W

FOLDER = Path(sys.argv[1])
NEIGHBOURS = {1: [2, 3], 2: [1], 3: [1, 4], 4: [3]}
WEIGHTS = {1: [0.25, 0.75], 2: [1.5], 3: [1 / 3, 1e-7], 4: [2.0]}

connected = W(NEIGHBOURS, WEIGHTS, id_order=[1, 2, 3, 4], silence_warnings=True)
with_island = W({**NEIGHBOURS, 5: []}, {**WEIGHTS, 5: []}, id_order=[1, 2, 3, 4, 5], silence_warnings=True)


def write(name, w):
    file = libpysal.io.open(str(FOLDER / name), "w")
    file.write(w)
    file.close()


write("binary.gal", W({**NEIGHBOURS, 5: []}, id_order=[1, 2, 3, 4, 5], silence_warnings=True))
write("weights.gwt", connected)
write("weights.dat", connected)
write("weights.mtx", with_island)
write("weights.swm", connected)
standardised = W(NEIGHBOURS, WEIGHTS, id_order=[1, 2, 3, 4], silence_warnings=True)
standardised.transform = "r"
write("standardised.swm", standardised)
table = Graph.from_W(with_island).adjacency.reset_index()
table.to_csv(FOLDER / "adjacency.csv", index=False)
