"""Drift of two CSV files as a plain NumPy and SciPy program would measure it; Debian's python3-pandas, python3-scipy."""
import sys
import numpy
import pandas
from scipy import stats

reference, current = (pandas.read_csv(path) for path in sys.argv[1:3])
for name in reference.columns:
    a, b = reference[name].dropna(), current[name].dropna()
    if a.dtype == object:
        kinds = sorted(set(a) | set(b))
        table = numpy.array([[(column == kind).sum() for kind in kinds] for column in (a, b)])
        p = stats.chi2_contingency(table, correction=False)[1]
        shares = table / table.sum(axis=1, keepdims=True)
        print(name, "total variation", abs(shares[0] - shares[1]).sum() / 2, "p", p)
        continue
    a, b = a.to_numpy(), b.to_numpy()
    d, p = stats.ks_2samp(a, b, method="asymp")
    edges = numpy.unique(numpy.quantile(a, numpy.arange(1, 10) / 10))
    shares = [numpy.bincount(numpy.searchsorted(edges, x), minlength=len(edges) + 1) / len(x) for x in (a, b)]
    p0, q0 = (numpy.maximum(share, 1e-4) for share in shares)
    psi = ((q0 - p0) * numpy.log(q0 / p0)).sum()
    distance = stats.wasserstein_distance(a, b) / max(a.std(), 0.001)
    print(name, "ks", d, "p", p, "psi", psi, "wasserstein", distance)
