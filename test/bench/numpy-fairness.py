"""Six metrics by two attributes as a plain pandas program would count them; Debian's python3-pandas."""
import sys
import pandas

rows = pandas.read_csv(sys.argv[1])
for attribute in ("sex", "age"):
    for group, part in rows.groupby(attribute, dropna=False):
        y, c = part["label"] == 1, part["prediction"] == 1
        print(attribute, group, len(part), (y == c).mean(), c.mean(), c[y].mean(), c[~y].mean(), y[c].mean())
