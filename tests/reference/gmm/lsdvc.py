"""Bias-corrected least squares with unit effects, written from the formulas of Bun & Kiviet (2003) and Bruno (2005),
densely in NumPy: one large matrix per symbol, nothing summed unit by unit. Shares no code with durbin.

    python lsdvc.py > lsdvc.json
"""
import csv
import json
import pathlib

import numpy as np

here = pathlib.Path(__file__).parent
rows = [{k: float(v) for k, v in row.items()} for row in csv.DictReader(open(here / "abdata.csv"))]


def grid(rows, names, T=9, first=1976):
    ids = sorted({row["id"] for row in rows})
    data = {name: np.full((len(ids), T), np.nan) for name in names}
    for row in rows:
        for name in names:
            data[name][ids.index(row["id"]), int(row["year"]) - first] = row[name]
    return data


def lag(v):
    return np.column_stack([np.full(len(v), np.nan), v[:, :-1]])


def diff(v):
    return v - lag(v)


def first_step(data, y, x, kind):
    """Coefficients of y on its lag and x: one-step GMM on differences; in `system` on levels too, with a constant."""
    Y, X = data[y], [lag(data[y])] + [data[name] for name in x]
    N, T = Y.shape
    ok = np.isfinite(Y) & np.all([np.isfinite(v) for v in X], axis=0)
    dok = ok & np.column_stack([np.zeros(N, bool), ok[:, :-1]])
    system = kind == "system"
    D = np.eye(T) - np.eye(T, k=-1)
    M = np.vstack([D, np.eye(T)]) if system else D
    H = M @ M.T
    k = len(X) + system
    columns = [(t, j) for t in range(T) for j in range(2, t + 1)]
    if kind == "anderson-hsiao":
        columns = [("all", 2)]
    level = list(range(1, T)) if system else []
    L = len(columns) + len(level) + len(x) + system
    ZX, ZY, ZHZ = np.zeros((L, k)), np.zeros(L), np.zeros((L, L))
    for i in range(N):
        R = len(M)
        Z, W, V, use = np.zeros((R, L)), np.zeros((R, k)), np.zeros(R), np.zeros(R, bool)
        use[:T] = dok[i]
        W[:T, : len(X)] = np.column_stack([diff(v)[i] for v in X])
        V[:T] = diff(Y)[i]
        c = 0
        for t, j in columns:
            for s in range(T) if t == "all" else [t]:
                if s >= j and np.isfinite(Y[i, s - j]):
                    Z[s, c] = Y[i, s - j]
            c += 1
        for t in level:
            change = diff(Y)[i, t - 1] if t >= 1 else np.nan
            if np.isfinite(change):
                Z[T + t, c] = change
            c += 1
        for name in x:
            Z[:T, c] = diff(data[name])[i]
            if system:
                Z[T:, c] = data[name][i]
            c += 1
        if system:
            use[T:] = ok[i]
            W[T:, : len(X)] = np.column_stack([v[i] for v in X])
            W[T:, -1] = 1
            V[T:] = Y[i]
            Z[T:, c] = 1
        Z, W, V, h = Z[use], W[use], V[use], H[np.ix_(use, use)]
        ZX += Z.T @ W
        ZY += Z.T @ V
        ZHZ += Z.T @ h @ Z
    A = np.linalg.pinv(ZHZ, rcond=1e-13)
    return np.linalg.solve(ZX.T @ A @ ZX, ZX.T @ A @ ZY)[: len(X)]


def corrected(data, y, x, kind):
    Y, X = data[y], [lag(data[y])] + [data[name] for name in x]
    ok = np.isfinite(Y) & np.all([np.isfinite(v) for v in X], axis=0)
    initial = first_step(data, y, x, kind)
    g = initial[0]
    blocks_A, blocks_G, blocks_L, W, V, s = [], [], [], [], [], []
    units = 0
    for i in range(len(Y)):
        at = np.flatnonzero(ok[i])
        if not len(at):
            continue
        units += 1
        span = slice(at[0], at[-1] + 1)
        S = np.diag(ok[i, span].astype(float))
        n = len(S)
        one = np.ones((n, 1))
        blocks_A.append(S @ (np.eye(n) - one @ one.T / len(at)) @ S)
        lower = np.eye(n, k=-1)
        blocks_L.append(lower)
        blocks_G.append(np.linalg.inv(np.eye(n) - g * lower))
        W.append(np.nan_to_num(np.column_stack([v[i, span] for v in X])))
        V.append(np.nan_to_num(Y[i, span]))
        s.append(ok[i, span])

    def diagonal(blocks):
        size = sum(map(len, blocks))
        out, at = np.zeros((size, size)), 0
        for block in blocks:
            out[at:at + len(block), at:at + len(block)] = block
            at += len(block)
        return out

    A, G, L = map(diagonal, (blocks_A, blocks_G, blocks_L))
    W, V = np.vstack(W), np.concatenate(V)
    # Rows that are not used must count for nothing before A sees them.
    W, V = W * np.concatenate(s)[:, None], V * np.concatenate(s)
    k = W.shape[1]
    Q = np.linalg.inv(W.T @ A @ W)
    lsdv = Q @ W.T @ A @ V
    e = A @ (V - W @ initial)
    sigma2 = e @ e / (np.concatenate(s).sum() - units - k)
    P = A @ L @ G
    PP = P.T @ P
    e1 = np.zeros((k, k))
    e1[0, 0] = 1
    AW = A @ W
    single = AW.T @ L @ G @ AW - sigma2 * np.trace(PP @ P) * e1
    double = AW.T @ L @ G @ G.T @ L.T @ AW - sigma2 * np.trace(PP @ PP) * e1
    q1, q11 = Q[:, 0], Q[0, 0]
    c1 = sigma2 * np.trace(P) * q1
    c2 = -sigma2 * (Q @ single + (np.trace(Q @ single) + 2 * sigma2 * q11 * np.trace(PP @ P)) * np.eye(k)) @ q1
    c3 = sigma2 ** 2 * np.trace(P) * (
        2 * q11 * Q @ double @ q1
        + (q1 @ double @ q1 + q11 * np.trace(Q @ double) + 2 * sigma2 * np.trace(PP @ PP) * q11 ** 2) * q1
    )
    return {
        "initial": initial.tolist(),
        "lsdv": lsdv.tolist(),
        "sigma2_initial": sigma2,
        "order_1": (lsdv - c1).tolist(),
        "order_2": (lsdv - c1 - c2).tolist(),
        "order_3": (lsdv - c1 - c2 - c3).tolist(),
    }


full = grid(rows, "nwk")
# Some firms lose a year in the middle: a gap that neither a lag nor a difference may cross.
thinned = [row for row in rows if not (row["id"] % 5 == 0 and row["year"] == 1980)]
gaps = grid(thinned, "nwk")
print(json.dumps({
    "of": "n on L.n, w, k",
    "unbalanced": {kind: corrected(full, "n", "wk", kind) for kind in ("anderson-hsiao", "difference", "system")},
    "gaps (no 1980 where id is a multiple of 5)": {kind: corrected(gaps, "n", "wk", kind) for kind in ("anderson-hsiao", "difference")},
}, indent=1))
