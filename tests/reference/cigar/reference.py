#!/usr/bin/env python3
"""Exact maximum likelihood of the static spatial panel models on the cigarette panel.

    reference.py            prints every number as JSON
    reference.py --check    compares expected.json with what is computed here, at 1e-8

An implementation of its own in dense matrices, slow and plain, so that agreement means something:
the log-determinant is that of the eigenvalues of W, rho and lambda are roots of the score of the
concentrated likelihood, standard errors come from the information matrix written out, and the
errors of the effects from analytic derivatives.

    lag family    y = rho W y + X b + e        sar: X = x;  sdm: X = [x, W x];  ols, slx: rho = 0
    error family  y = X b + u, u = lambda W u + e           sem: X = x;  sdem: X = [x, W x]

Effects leave by demeaning over years (unit), over states (time) or both (twoways): Q is applied
to y, W y, X and W X alike, so it is Q W y and not W Q y. The two differ with time effects.

    none       the likelihood of the demeaned data with N T observations
    lee-yu     none, then the correction of Lee and Yu (2010) as in Elhorst (2014, section 3.3.3)
    transform  the likelihood in an orthonormal basis of the range of Q (Lee and Yu 2010)
"""

import argparse
import csv
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import brentq

HERE = Path(__file__).resolve().parent
PANEL = HERE.parents[2] / "data" / "us_states" / "cigar.csv"
LINKS = HERE / "queen_links.csv"
EXPECTED = HERE / "expected.json"
TOLERANCE = 1e-8


def read_panel():
    """Log sales and the logs of real price and real income, each years x states; and W."""
    with PANEL.open(newline="") as file:
        rows = list(csv.DictReader(file))
    state = {name: i for i, name in enumerate(sorted({row["state"] for row in rows}))}
    year = {value: t for t, value in enumerate(sorted({int(row["year"]) for row in rows}))}
    sales, price, income = np.full((3, len(year), len(state)), np.nan)
    for row in rows:
        cell = year[int(row["year"])], state[row["state"]]
        sales[cell] = np.log(float(row["sales"]))
        price[cell] = np.log(float(row["price"]) / float(row["cpi"]))
        income[cell] = np.log(float(row["ndi"]) / float(row["cpi"]))

    w = np.zeros((len(state), len(state)))
    with LINKS.open(newline="") as file:
        for row in csv.DictReader(file):
            w[state[row["focal"]], state[row["neighbor"]]] = 1.0
    return sales, {"logp": price, "logy": income}, w / w.sum(axis=1, keepdims=True)


SALES, REGRESSORS, W = read_panel()
T, N = SALES.shape
EIGENVALUES = np.linalg.eigvals(W).real
IDENTITY = np.eye(N)


def lag(a):
    return a @ W.T


def within(a, effects):
    if effects in ("unit", "twoways"):
        a = a - a.mean(axis=0, keepdims=True)
    if effects in ("time", "twoways"):
        a = a - a.mean(axis=1, keepdims=True)
    return a


@dataclass
class Design:
    """Demeaned data, and what the likelihood counts."""

    y: np.ndarray
    wy: np.ndarray
    x: np.ndarray
    wx: np.ndarray
    names: list
    observations: int
    periods: int
    without_mean: bool  # the cross-sectional mean, on which W acts with eigenvalue 1, is gone

    def log_determinant(self, rho):
        value = np.log(1.0 - rho * EIGENVALUES).sum()
        return self.periods * (value - (np.log(1.0 - rho) if self.without_mean else 0.0))

    def log_determinant_slope(self, rho):
        value = -(EIGENVALUES / (1.0 - rho * EIGENVALUES)).sum()
        return self.periods * (value + (1.0 / (1.0 - rho) if self.without_mean else 0.0))

    def log_likelihood(self, squares, rho=0.0):
        n = self.observations
        return -n / 2 * (np.log(2 * np.pi * squares / n) + 1) + self.log_determinant(rho)


def design(durbin, effects, correction="none"):
    columns = dict(REGRESSORS)
    if durbin:
        columns |= {f"W*{name}": lag(x) for name, x in REGRESSORS.items()}
    if effects == "none":
        columns = {"_cons": np.ones((T, N))} | columns
    transformed = correction == "transform"
    less_period = transformed and effects in ("unit", "twoways")
    less_unit = transformed and effects in ("time", "twoways")
    return Design(
        y=within(SALES, effects).ravel(),
        wy=within(lag(SALES), effects).ravel(),
        x=np.column_stack([within(x, effects).ravel() for x in columns.values()]),
        wx=np.column_stack([within(lag(x), effects).ravel() for x in columns.values()]),
        names=list(columns),
        observations=(N - less_unit) * (T - less_period),
        periods=T - less_period,
        without_mean=less_unit,
    )


def least_squares(x, y):
    beta = np.linalg.lstsq(x, y, rcond=None)[0]
    return beta, y - x @ beta


def root_of_score(score):
    return brentq(score, 0.999 / EIGENVALUES.min(), 0.999, xtol=1e-14, rtol=1e-14)


@dataclass
class Lag:
    """A point of the lag family."""

    beta: np.ndarray
    rho: float
    sigma2: float

    def vector(self):
        return np.array([*self.beta, self.rho, self.sigma2])


def maximise_lag(d):
    _, ey = least_squares(d.x, d.y)
    _, ew = least_squares(d.x, d.wy)
    squares = lambda rho: (ey - rho * ew) @ (ey - rho * ew)
    rho = root_of_score(
        lambda rho: d.log_determinant_slope(rho)
        + d.observations * (ew @ (ey - rho * ew)) / squares(rho)
    )
    beta, residual = least_squares(d.x, d.y - rho * d.wy)
    return Lag(beta, rho, residual @ residual / d.observations)


def information(d, at):
    """Fisher information of (beta, rho, sigma2).

    G = W (I - rho W)^-1. Without the transformation the mean of W y is G X b as it stands, not
    demeaned again; where the transformation took the cross-sectional mean out, G is J G with
    J = I - 11'/N.
    """
    g = W @ np.linalg.inv(IDENTITY - at.rho * W)
    if d.without_mean:
        g = g - g.mean(axis=0, keepdims=True)
    gxb = ((d.x @ at.beta).reshape(T, N) @ g.T).ravel()
    k, s2 = len(at.beta), at.sigma2
    out = np.zeros((k + 2, k + 2))
    out[:k, :k] = d.x.T @ d.x / s2
    out[:k, k] = out[k, :k] = d.x.T @ gxb / s2
    out[k, k] = d.periods * (np.trace(g @ g) + np.trace(g.T @ g)) + gxb @ gxb / s2
    out[k, k + 1] = out[k + 1, k] = d.periods * np.trace(g) / s2
    out[k + 1, k + 1] = d.observations / (2 * s2**2)
    return out


def correct_bias(d, at, effects):
    """Lee and Yu (2010): sigma2 alone moves with one-way effects, every parameter with both."""
    if effects == "unit":
        return replace(at, sigma2=at.sigma2 * T / (T - 1))
    if effects == "time":
        return replace(at, sigma2=at.sigma2 * N / (N - 1))
    bias = np.array([*np.zeros(len(at.beta)), 1 / (1 - at.rho), 1 / (2 * at.sigma2)])
    moved = at.vector() + np.linalg.solve(information(d, at) / (N * T), bias) / N
    return Lag(moved[:-2], moved[-2], moved[-1] * T / (T - 1))


def impacts(d, at, covariance):
    """Direct, indirect and total effects with delta-method errors."""
    inverse = np.linalg.inv(IDENTITY - at.rho * W)
    out = {}
    for name in REGRESSORS:
        jacobian = np.zeros((3, len(at.beta) + 2))
        own = d.names.index(name)
        slope = at.beta[own] * IDENTITY
        jacobian[:, own] = summaries(inverse)
        if f"W*{name}" in d.names:
            spill = d.names.index(f"W*{name}")
            slope = slope + at.beta[spill] * W
            jacobian[:, spill] = summaries(inverse @ W)
        matrix = inverse @ slope
        jacobian[:, -2] = summaries(inverse @ W @ matrix)
        errors = np.sqrt(np.diag(jacobian @ covariance @ jacobian.T))
        out[name] = {
            kind: {"estimate": float(estimate), "std_error": float(error)}
            for kind, estimate, error in zip(
                ("direct", "indirect", "total"), summaries(matrix), errors
            )
        }
    return out


def summaries(matrix):
    direct, total = np.trace(matrix) / N, matrix.sum() / N
    return np.array([direct, total - direct, total])


def named(names, estimates):
    return dict(zip(names, map(float, estimates)))


def lag_model(durbin, effects, correction):
    d = design(durbin, effects, correction)
    optimum = maximise_lag(d)
    at = correct_bias(d, optimum, effects) if correction == "lee-yu" else optimum
    covariance = np.linalg.inv(information(d, at))
    residual = d.y - at.rho * d.wy - d.x @ at.beta
    # The reduced form's fit, left as it comes: with time effects its yearly means are not zero.
    fitted = (d.x @ at.beta).reshape(T, N) @ np.linalg.inv(IDENTITY - at.rho * W).T
    names = [*d.names, "rho", "sigma2"]
    return {
        "parameters": named(names, at.vector()),
        "std_errors": named(names, np.sqrt(np.diag(covariance))),
        "log_likelihood": d.log_likelihood(optimum.sigma2 * d.observations, optimum.rho),
        "r_squared": 1 - residual @ residual / ((SALES - SALES.mean()) ** 2).sum(),
        "r_squared_within": np.corrcoef(fitted.ravel(), d.y)[0, 1] ** 2,
        "impacts": impacts(d, at, covariance),
    }


def linear_model(durbin, effects):
    d = design(durbin, effects)
    beta, residual = least_squares(d.x, d.y)
    squares = residual @ residual
    return {
        "parameters": named([*d.names, "sigma2"], [*beta, squares / (N * T)]),
        "log_likelihood": d.log_likelihood(squares),
    }


def error_model(durbin, effects):
    d = design(durbin, effects)

    def filtered(value):
        x = d.x - value * d.wx
        beta, residual = least_squares(x, d.y - value * d.wy)
        return x, beta, residual

    def score(value):
        _, beta, residual = filtered(value)
        slope = residual @ (d.wy - d.wx @ beta) / (residual @ residual)
        return d.log_determinant_slope(value) + d.observations * slope

    value = root_of_score(score)
    x, beta, residual = filtered(value)
    sigma2 = residual @ residual / d.observations
    out = {
        "parameters": named([*d.names, "lambda", "sigma2"], [*beta, value, sigma2]),
        "std_errors": named(d.names, np.sqrt(np.diag(np.linalg.inv(x.T @ x) * sigma2))),
        "log_likelihood": d.log_likelihood(residual @ residual, value),
    }
    if effects != "twoways":
        out["sigma2_lee_yu"] = sigma2 * (T / (T - 1) if effects == "unit" else N / (N - 1))
    return out


def everything():
    fits = [("sar", "none", "none", lag_model(False, "none", "none"))]
    for durbin, lag_name, linear_name, error_name in (
        (False, "sar", "ols", "sem"),
        (True, "sdm", "slx", "sdem"),
    ):
        for effects in ("unit", "time", "twoways"):
            for correction in ("none", "lee-yu", "transform"):
                fit = lag_model(durbin, effects, correction)
                fits.append((lag_name, effects, correction, fit))
            fits.append((linear_name, effects, "none", linear_model(durbin, effects)))
            fits.append((error_name, effects, "none", error_model(durbin, effects)))
    return [
        {"model": model, "effects": effects, "bias_correction": correction} | fit
        for model, effects, correction, fit in fits
    ]


def numbers(value, path=()):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from numbers(item, (*path, key))
    elif not isinstance(value, str):
        yield " ".join(path), float(value)


def by_name(fits):
    return {
        name: value
        for fit in fits
        for name, value in numbers(fit, (fit["model"], fit["effects"], fit["bias_correction"]))
    }


def check(computed):
    with EXPECTED.open() as file:
        expected = by_name(json.load(file))
    computed = by_name(computed)
    absent = sorted(expected.keys() ^ computed.keys())
    apart = {name: abs(expected[name] - computed[name]) for name in expected.keys() & computed}
    worst = max(apart, key=apart.get)
    print(f"cigar: {len(apart)} numbers, the largest difference {apart[worst]:.1e} ({worst})")
    for name in absent:
        print(f"cigar: {name} is on one side only", file=sys.stderr)
    return not absent and apart[worst] <= TOLERANCE


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with expected.json")
    arguments = parser.parse_args()
    results = everything()
    if arguments.check:
        sys.exit(0 if check(results) else 1)
    json.dump(results, sys.stdout, indent=2)
    print()
