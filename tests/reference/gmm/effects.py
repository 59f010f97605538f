#!/usr/bin/env python3
"""Average effects of dynamic equations with neighbours, and their errors by the delta method.

    effects.py            prints every number as JSON
    effects.py --check    compares effects.json with what is computed here, at 1e-10

    y_t = sum_l tau_l y_{t-l} + rho W y_t + sum_l eta_l W y_{t-l} + sum_l X_{t-l} beta_l + sum_l W X_{t-l} theta_l

W is that of the 46 states in ../cigar/queen_links.csv, rows scaled to one. Coefficients and covariances are made for this
file; what is compared is what follows from them. Effects are traces and sums of the matrices E written out, and their
derivatives are taken by complex steps through the inverse, so that no formula is shared with durbin.
"""

import argparse
import csv
import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
LINKS = HERE.parent / "cigar" / "queen_links.csv"
EXPECTED = HERE / "effects.json"
STEP = 1e-30

# Coefficients by kind, periods back and regressor, in the order of the covariance.
CASES = {
    "sdm": [("tau", 1, "", 0.35), ("beta", 0, "P", 0.5), ("beta", 0, "C", -0.3), ("theta", 0, "P", 0.2),
            ("theta", 0, "C", 0.1), ("rho", 0, "", 0.3)],
    "sar without a lag in time": [("beta", 0, "P", 0.5), ("beta", 0, "C", -0.3), ("rho", 0, "", -0.45)],
    "slx": [("tau", 1, "", 0.6), ("beta", 0, "P", 0.5), ("theta", 0, "P", -0.2), ("beta", 0, "P*C", 0.07)],
    "lags of everything": [("tau", 1, "", 0.4), ("tau", 2, "", -0.15), ("beta", 0, "P", 0.5), ("beta", 1, "P", -0.2),
                           ("theta", 0, "P", 0.2), ("theta", 1, "P", 0.05), ("beta", 1, "C", 0.3), ("theta", 0, "D", 0.25),
                           ("rho", 0, "", 0.25), ("eta", 1, "", 0.1), ("eta", 2, "", -0.05)],
}


def weights():
    with LINKS.open(newline="") as file:
        links = [(row["focal"], row["neighbor"]) for row in csv.DictReader(file)]
    at = {name: i for i, name in enumerate(sorted({name for link in links for name in link}))}
    w = np.zeros((len(at), len(at)))
    for focal, neighbor in links:
        w[at[focal], at[neighbor]] = 1.0
    return w / w.sum(axis=1, keepdims=True)


W = weights()


def measures(case, values, variable, long_run):
    def total(kind, name="", lags=None):
        kept = (value for (k, lag, of, _), value in zip(case, values) if k == kind and of == name and (lags is None or lag in lags))
        return sum(kept)

    when = None if long_run else {0}
    identity = np.eye(len(W))
    left = identity - total("rho") * W
    if long_run:
        left = left - total("tau") * identity - total("eta") * W
    right = total("beta", variable, when) * identity + total("theta", variable, when) * W
    effects = np.linalg.solve(left.astype(complex), right.astype(complex))
    direct, overall = np.trace(effects) / len(W), effects.sum() / len(W)
    return np.array([direct, overall - direct, overall])


def effects(case, covariance, variable, long_run):
    values = np.array([value for *_, value in case], dtype=complex)
    estimate = measures(case, values, variable, long_run).real
    gradient = np.empty((3, len(case)))
    for j in range(len(case)):
        moved = values.copy()
        moved[j] += STEP * 1j
        gradient[:, j] = measures(case, moved, variable, long_run).imag / STEP
    errors = np.sqrt(np.einsum("ij,jk,ik->i", gradient, covariance, gradient))
    return {
        kind: {"estimate": float(b), "std_error": float(e)}
        for kind, b, e in zip(("direct", "indirect", "total"), estimate, errors)
    }


def computed():
    generator = np.random.default_rng(20260301)
    cases = []
    for name, case in CASES.items():
        root = generator.normal(size=(len(case), len(case) + 2)) * 0.03
        covariance = root @ root.T
        variables = list(dict.fromkeys(of for *_, of, _ in case if of))
        acting = [v for v in variables if any(of == v and lag == 0 for _, lag, of, _ in case)]
        dynamic = any(kind in ("tau", "eta") for kind, *_ in case)
        cases.append({
            "name": name,
            "coefficients": [{"kind": k, "lag": lag, "of": of, "value": v} for k, lag, of, v in case],
            "covariance": covariance.tolist(),
            "impacts": {v: effects(case, covariance, v, False) for v in acting},
            "long_run": {v: effects(case, covariance, v, True) for v in variables} if dynamic else {},
        })
    return {"numpy": np.__version__, "cases": cases}


def apart(found, expected, where="$"):
    if isinstance(expected, dict):
        return [line for key in expected for line in apart(found[key], expected[key], f"{where}.{key}") if key != "numpy"]
    if isinstance(expected, list):
        pairs = zip(found, expected, strict=True)
        return [line for at, (a, b) in enumerate(pairs) for line in apart(a, b, f"{where}[{at}]")]
    if isinstance(expected, float):
        return [] if abs(found - expected) <= 1e-10 else [f"{where}: {found} is not {expected}"]
    return [] if found == expected else [f"{where}: {found} is not {expected}"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        print(json.dumps(computed(), indent=1))
        return
    lines = apart(computed(), json.loads(EXPECTED.read_text()))
    print("\n".join(lines) or "gmm: effects agree")
    sys.exit(bool(lines))


if __name__ == "__main__":
    main()
