"""Numbers between 0 and 1 as crates/durbin/benches/lattice and crates/gmm/examples/speed_gmm.rs make them, bit for bit."""

import numpy as np


def uniform(k):
    with np.errstate(over="ignore"):
        z = (k.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)) / float(1 << 53)
