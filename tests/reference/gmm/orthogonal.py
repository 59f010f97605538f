"""System GMM under forward orthogonal deviations, densely in NumPy: once as xtabond2 has it, once with the
instruments pydynpd 0.2.2 takes. Shares no code with durbin. Prints both; `--check` compares them with pydynpd.json.
"""
import csv
import json
import pathlib
import sys

import numpy as np

here = pathlib.Path(__file__).parent
rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(open(here / "abdata.csv"))]
ids = sorted({row["id"] for row in rows})
T = 9
data = {name: np.full((len(ids), T), np.nan) for name in "nwk"}
for row in rows:
    for name in data:
        data[name][ids.index(row["id"]), int(row["year"]) - 1976] = row[name]

M = np.zeros((T, T))  # deviations of a complete series, stored one period late
for t in range(1, T):
    ahead = T - t
    M[t, t - 1] = np.sqrt(ahead / (ahead + 1))
    M[t, t:] = -M[t, t - 1] / ahead
L = np.hstack([M.T, np.eye(T)])
H = L.T @ L


def estimate(iv):
    blocks = []
    for i in range(len(ids)):
        n, w, k = (data[name][i] for name in "nwk")
        lag = lambda v, j: np.concatenate([np.full(j, np.nan), v[: T - j]])
        x = np.column_stack([lag(n, 1), lag(n, 2), w, k, np.ones(T)])
        complete = np.isfinite(np.column_stack([n, x])).all(axis=1)
        at = np.flatnonzero(complete)

        def deviate(v):
            out = np.full_like(np.atleast_2d(v.T).T, np.nan, dtype=float)
            v = np.atleast_2d(v.T).T
            for j, t in enumerate(at[:-1]):
                later = at[j + 1:]
                out[t + 1] = np.sqrt(len(later) / (len(later) + 1)) * (v[t] - v[later].mean(axis=0))
            return out

        X = np.vstack([deviate(x), x])
        Y = np.concatenate([deviate(n)[:, 0], n])
        X[:T, 4] = 0
        use = np.concatenate([np.isfinite(Y[:T]), complete])
        Z = []
        for v, first, last in ((n, 2, 4), (w, 1, 3)):
            for t in range(T):
                for j in range(first, last + 1):
                    column = np.zeros(2 * T)
                    if t >= j:
                        column[t] = v[t - j]
                    Z.append(column)
                column = np.zeros(2 * T)
                if t > first - 1:
                    column[T + t] = v[t - first + 1] - v[t - first]
                Z.append(column)
        transformed = deviate(k)[:, 0] if iv == "deviations" else lag(k, 1) - lag(k, 2)
        Z.append(np.concatenate([transformed, k]))
        Z.append(np.concatenate([np.zeros(T), np.ones(T)]))
        Z = np.nan_to_num(np.column_stack(Z))
        for part in (X, Y, Z):
            part[~use] = 0
        blocks.append((X, Y, Z))
    Z = np.vstack([z for *_, z in blocks])
    keep = (Z != 0).any(axis=0)
    blocks = [(x, y, z[:, keep]) for x, y, z in blocks]
    ZX = sum(z.T @ x for x, y, z in blocks)
    ZY = sum(z.T @ y for x, y, z in blocks)

    def solve(S):
        A = np.linalg.pinv(S)
        V = np.linalg.inv(ZX.T @ A @ ZX)
        return V @ ZX.T @ A @ ZY, V, A

    b1, V1, A1 = solve(sum(z.T @ H @ z for *_, z in blocks))
    g = [z.T @ (y - x @ b1) for x, y, z in blocks]
    S = sum(np.outer(s, s) for s in g)
    P1 = V1 @ ZX.T @ A1
    b2, V2, A2 = solve(S)
    left = ZY - ZX @ b2
    a = A2 @ left
    D = sum((s @ a) * (z.T @ x) + np.outer(s, a @ z.T @ x) for s, (x, y, z) in zip(g, blocks))
    D = V2 @ ZX.T @ A2 @ D
    V = V2 + D @ V2 + V2 @ D.T + D @ (P1 @ S @ P1.T) @ D.T
    return {"coefficient": b2.tolist(), "std_err": np.sqrt(np.diag(V)).tolist(), "hansen": float(left @ a),
            "instruments": int(keep.sum())}


found = {iv: estimate(iv) for iv in ("deviations", "differences one period early")}
target = here / "orthogonal.json"
if "--check" in sys.argv:
    known = json.load(open(target))
    for iv, result in known.items():
        for key in ("coefficient", "std_err", "hansen"):
            assert np.allclose(found[iv][key], result[key], rtol=0, atol=1e-9), (iv, key)
    theirs = json.load(open(here / "pydynpd.json"))["sys_twostep_fod"]["table"]
    ours = found["differences one period early"]
    for key in ("coefficient", "std_err"):
        print("pydynpd,", key, np.abs(np.array(ours[key]) - theirs[key]).max())
else:
    json.dump(found, open(target, "w"), indent=1)
    print(json.dumps(found, indent=1))
