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


# Levin, Lin & Chu (2002), Table 2: periods, mean and standard deviation with constants, with trends.
TABLE = np.array([
    [25, -0.554, 0.919, -0.703, 1.003], [30, -0.546, 0.889, -0.674, 0.949], [35, -0.541, 0.867, -0.653, 0.906],
    [40, -0.537, 0.850, -0.637, 0.871], [45, -0.533, 0.837, -0.624, 0.842], [50, -0.531, 0.826, -0.614, 0.818],
    [60, -0.527, 0.810, -0.598, 0.780], [70, -0.524, 0.798, -0.587, 0.751], [80, -0.521, 0.789, -0.578, 0.728],
    [90, -0.520, 0.782, -0.571, 0.710], [100, -0.518, 0.776, -0.566, 0.695], [250, -0.509, 0.742, -0.533, 0.603],
])


def levin_lin_chu(Y, lags, trend):
    """Their three steps; T periods a unit, the first lags + 1 of them before the regressions."""
    N, T = Y.shape
    rows = T - lags - 1
    E, V, S = [], [], []
    for y in Y:
        X, d = design(y, lags, trend)
        others = X[:, 1:]
        e = d - others @ np.linalg.lstsq(others, d, rcond=None)[0]
        v = X[:, 0] - others @ np.linalg.lstsq(others, X[:, 0], rcond=None)[0]
        rest = e - v * np.linalg.lstsq(v[:, None], e, rcond=None)[0]
        sigma = np.sqrt(rest @ rest / rows)
        dy = np.diff(y)
        if trend:
            dy = dy - dy.mean()
        K = round(3.21 * T ** (1 / 3))
        variance = dy @ dy / (T - 1)
        for L in range(1, min(K, T - 2) + 1):
            variance += 2 * (1 - L / (K + 1)) * (dy[L:] @ dy[:-L]) / (T - 1)
        E.append(e / sigma), V.append(v / sigma), S.append(np.sqrt(variance) / sigma)
    e, v = np.concatenate(E), np.concatenate(V)
    delta = np.linalg.lstsq(v[:, None], e, rcond=None)[0][0]
    sigma2 = np.mean((e - delta * v) ** 2)
    error = np.sqrt(sigma2 / (v @ v))
    mean, sd = (np.interp(rows, TABLE[:, 0], TABLE[:, column]) for column in ((3, 4) if trend else (1, 2)))
    return (delta / error - N * rows * np.mean(S) / sigma2 * error * mean) / sd


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
                "levin_lin_chu": float(levin_lin_chu(Y, lags, trend)),
            }
print(json.dumps({"of": "log(gsp) and unemp of Munnell's 48 states, 1970-1986", "cases": cases}, indent=1))
