"""The area under the ROC curve with DeLong's interval on one million rows; Debian's python3-scipy."""
import time
import numpy
from scipy import stats

chance = numpy.random.default_rng(7)
label = chance.random(1_000_000) < 0.24
score = (chance.random(1_000_000) + chance.random(1_000_000) + label) / 3
start = time.perf_counter()
x, y = score[label], score[~label]
m, n = len(x), len(y)
ranks = stats.rankdata(numpy.concatenate([x, y]))
v10 = (ranks[:m] - stats.rankdata(x)) / n
v01 = 1 - (ranks[m:] - stats.rankdata(y)) / m
auc = v10.mean()
se = numpy.sqrt(v10.var(ddof=1) / m + v01.var(ddof=1) / n)
print("auc", auc, "interval", auc - 1.96 * se, auc + 1.96 * se)
print("seconds", time.perf_counter() - start)
