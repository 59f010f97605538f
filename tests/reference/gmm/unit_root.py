"""Panel unit-root statistics from their formulas, in NumPy with one least-squares call per unit. Shares no code with
durbin. Statistics only: null distributions are simulated in durbin and checked against printed tables in its tests.

    python unit_root.py > unit_root.json
"""
import csv
import json
import pathlib

import numpy as np

here = pathlib.Path(__file__).parent
rows = list(csv.DictReader(open(here / "../../../data/us_states/produc.csv")))
states = sorted({row["state"] for row in rows})
years = sorted({row["year"] for row in rows})
T = len(years)


def panel(name):
    values = np.full((len(states), T), np.nan)
    for row in rows:
        values[states.index(row["state"]), years.index(row["year"])] = float(row[name])
    return values


def t_of(X, y, column):
    b, *_ = np.linalg.lstsq(X, y, rcond=None)
    e = y - X @ b
    V = e @ e / (len(y) - X.shape[1]) * np.linalg.inv(X.T @ X)
    return b[column] / np.sqrt(V[column, column])


def design(y, lags, trend, mean=None):
    """y-1, constant, [trend], lagged differences, [averages]; from period lags + 1 on."""
    at = np.arange(lags + 1, len(y))
    d = np.diff(y, prepend=np.nan)
    X = [y[at - 1], np.ones(len(at))]
    if trend:
        X.append(at.astype(float))
    X += [d[at - lag] for lag in range(1, lags + 1)]
    if mean is not None:
        dm = np.diff(mean, prepend=np.nan)
        X += [mean[at - 1]] + [dm[at - lag] for lag in range(lags + 1)]
    return np.column_stack(X), d[at]


def harris_tzavalis(Y, trend):
    t = Y.shape[1] - 1
    D = np.column_stack([np.ones(t), np.arange(t)]) if trend else np.ones((t, 1))
    M = np.eye(t) - D @ np.linalg.pinv(D)
    rho = sum(y[1:] @ M @ y[:-1] for y in Y) / sum(y[:-1] @ M @ y[:-1] for y in Y)
    if trend:
        bias, variance = -7.5 / (t + 2), 15 * (193 * t**2 - 728 * t + 1147) / (112 * (t + 2) ** 3 * (t - 2))
    else:
        bias, variance = -3 / (t + 1), 3 * (17 * t**2 - 20 * t + 17) / (5 * (t - 1) * (t + 1) ** 3)
    return np.sqrt(len(Y)) * (rho - 1 - bias) / np.sqrt(variance)


cases = {}
for name, log in (("gsp", True), ("unemp", False)):
    Y = np.log(panel(name)) if log else panel(name)
    for lags in (0, 1, 2):
        for trend in (False, True):
            low, high = (-6.42, 1.70) if trend else (-6.19, 2.61)
            mean = Y.mean(axis=0)
            t = [t_of(*design(y, lags, trend), 0) for y in Y]
            cadf = [t_of(*design(y, lags, trend, mean), 0) for y in Y]
            cases[f"{name} lags={lags} trend={int(trend)}"] = {
                "t_bar": float(np.mean(t)),
                "cips": float(np.mean(np.clip(cadf, low, high))),
                "harris_tzavalis": float(harris_tzavalis(Y, trend)),
            }
print(json.dumps({"of": "log(gsp) and unemp of Munnell's 48 states, 1970-1986", "cases": cases}, indent=1))
