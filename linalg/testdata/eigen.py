"""Writes eigen.json: symmetric matrices in float64 and their eigenvalues, computed with 60 digits by mpmath's QR (eigsy) and
rounded to 25. Values of a matrix whose condition exceeds 1e40 would need more digits; none here does.

    python3 eigen.py [folder of cifar-10-batches-bin]  (Debian: python3-mpmath, python3-numpy)
"""
import json, os, sys
import numpy as np
from mpmath import mp, mpf, matrix, eigsy, qr, ldexp

mp.dps = 60
state = 12345


def uniform():
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 11) / 2.0**53 - 0.5


def normal():
    return sum(uniform() for _ in range(12))


def orthogonal(n):
    g = matrix(n, n)
    for i in range(n):
        for j in range(n):
            g[i, j] = mpf(normal())
    return qr(g)[0]


def spectrum(values):
    n = len(values)
    q = orthogonal(n)
    a = matrix(n, n)
    for i in range(n):
        for j in range(n):
            a[i, j] = sum(q[i, k] * values[k] * q[j, k] for k in range(n))
    return [[float(a[max(i, j), min(i, j)]) for j in range(n)] for i in range(n)]


def build(n, f):
    lower = [[f(i, j) for j in range(i + 1)] for i in range(n)]
    return [[lower[max(i, j)][min(i, j)] for j in range(n)] for i in range(n)]


def wishart(n, m):
    g = [[normal() for _ in range(m)] for _ in range(n)]
    return build(n, lambda i, j: float(sum(mpf(x) * mpf(y) for x, y in zip(g[i], g[j]))))


def scaled(a, f):
    n = len(a)
    return build(n, lambda i, j: a[i][j] * f)


def patches(folder):
    sums, total, count = np.zeros((27, 27), dtype=object), np.zeros(27, dtype=object), 0
    for b in range(1, 6):
        x = np.fromfile(os.path.join(folder, f"data_batch_{b}.bin"), dtype=np.uint8).reshape(-1, 3073)[:, 1:].reshape(-1, 3, 32, 32)
        for k in range(0, len(x), 500):
            p = np.lib.stride_tricks.sliding_window_view(x[k:k + 500], (3, 3), axis=(2, 3)).transpose(0, 2, 3, 1, 4, 5).reshape(-1, 27).astype(np.float64)
            sums += (p.T @ p).astype(np.int64)  # integers below 2^53: exact
            total += p.sum(0).astype(np.int64)
            count += len(p)
    return [[float((mpf(int(count * sums[i, j])) - mpf(int(total[i] * total[j]))) / count / count) for j in range(27)] for i in range(27)]


n = 36
cases = {}
w = wishart(n, 3 * n)
cases["random"] = build(n, lambda i, j: normal())
cases["positive definite"] = w
cases["graded spectrum"] = spectrum([mpf(10) ** (mpf(-12) * k / (n - 1)) for k in range(n)])
cases["graded rows"] = build(n, lambda i, j: float(ldexp(mpf(w[i][j]), -(30 * i // (n - 1)) - (30 * j // (n - 1)))))
cases["clustered"] = spectrum([1 + mpf(10) ** -10 * k if k < 18 else mpf(2) + mpf(10) ** -14 * k for k in range(n)])
cases["repeated"] = spectrum([mpf(1 + k // 9) for k in range(n)])
cases["wilkinson"] = build(21, lambda i, j: float(abs(i - 10)) if i == j else 1.0 if i == j + 1 else 0.0)
cases["hilbert"] = build(24, lambda i, j: 1.0 / (i + j + 1))
cases["rank deficient"] = spectrum([mpf(max(0, k - 20)) for k in range(n)])
cases["indefinite"] = spectrum([mpf(k) - mpf("17.3") for k in range(n)])
cases["tiny"] = scaled(w, 2.0**-1000)
cases["huge"] = scaled(w, 2.0**1010)
cases["one"] = [[-3.5]]
cases["diagonal"] = build(25, lambda i, j: 1.0 / (1 + 7 * i % 25) if i == j else 0.0)
if len(sys.argv) > 1:
    cases["cifar-10 patches"] = patches(sys.argv[1])
elif os.path.exists("eigen.json"):
    old = {c["name"]: c for c in json.load(open("eigen.json"))}["cifar-10 patches"]
    m = len(old["values"])
    cases["cifar-10 patches"] = build(m, lambda i, j: old["lower"][i * (i + 1) // 2 + j])

out = []
for name, a in cases.items():
    m = len(a)
    e = eigsy(matrix([[mpf(x) for x in row] for row in a]), eigvals_only=True)
    values = sorted(e)
    out.append({"name": name, "n": m, "lower": [a[i][j] for i in range(m) for j in range(i + 1)], "values": [mp.nstr(v, 25) for v in values]})
    print(name, m, mp.nstr(values[0], 8), mp.nstr(values[-1], 8), flush=True)
with open("eigen.json", "w") as f:
    f.write("[\n" + ",\n".join(json.dumps(c) for c in out) + "\n]\n")
