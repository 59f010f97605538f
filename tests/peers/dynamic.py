"""The study's dynamic panel model by pydynpd, on the panel of crates/gmm/examples/speed_gmm.rs: `dynamic.py UNITS PERIODS`.

pydynpd needs NumPy 1, hence a folder of packages of its own (`run.sh`). Only its own work is timed, not the making of the
table; what it prints is thrown away.
"""

import contextlib
import io
import itertools
import json
import resource
import sys
import time

import numpy as np
import pandas
from pydynpd import regression

from uniform import uniform

NAMES = ["P", "C", "I", "T"]


def noise(seed, rows, n):
    numbers = uniform(np.uint64(seed << 32) + np.arange(rows * n, dtype=np.uint64))
    return (2.0 * numbers - 1.0).reshape(rows, n)


def panel(n, t):
    x = {name: noise(seed, t, n) for seed, name in enumerate(NAMES, 1)}
    mu, y = noise(5, 1, n)[0], noise(6, t, n)
    now = 2.0 * mu
    for period in range(t):
        now = 0.5 * now + 0.3 * sum(x[name][period] for name in NAMES) + mu + y[period]
        y[period] = now
    columns = {"id": np.repeat(np.arange(n), t), "t": np.tile(np.arange(t), n), "V": y.T.ravel()}
    columns |= {name: x[name].T.ravel() for name in NAMES}
    for order in (2, 3, 4):
        for factors in itertools.combinations(NAMES, order):
            columns["".join(factors)] = np.prod([columns[name] for name in factors], axis=0)
    return pandas.DataFrame(columns)


def main():
    n, t = int(sys.argv[1]), int(sys.argv[2])
    frame = panel(n, t)
    terms = " ".join(frame.columns[3:])
    cpu, wall = time.process_time(), time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        fit = regression.abond(f"V L1.V {terms} | gmm(V, 2:99) iv({terms})", frame, ["id", "t"])
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    model = fit.models[0]
    estimate = float(model.regression_table["coefficient"].iloc[0])
    count = int(model.z_information.num_instr)
    print(json.dumps({"seconds": wall, "cpu": cpu, "count": count, "estimate": estimate, "peak_mib": peak}))


if __name__ == "__main__":
    main()
