/** The page's only style sheet: readable on paper, on a phone and in the dark. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ink:#1c2024;--faint:#687076;--paper:#fbfcfd;--card:#fff;--line:#d7dbdf;--candidate:#0b68cb;--incumbent:#8b8d98;--passed:#18794e;--failed:#c62a2f;--inconclusive:#946800;--skipped:#687076}
@media(prefers-color-scheme:dark){:root{--ink:#ecedee;--faint:#9ba1a6;--paper:#151718;--card:#1a1d1e;--line:#313538;--candidate:#52a9ff;--incumbent:#9ba1a6;--passed:#4cc38a;--failed:#ff6369;--inconclusive:#f1a10d;--skipped:#9ba1a6}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:62rem;margin:0 auto;padding:1.5rem}
header{border-left:6px solid var(--line);padding:.25rem 1.25rem;margin-bottom:1rem}
header.passed{border-color:var(--passed)}header.failed{border-color:var(--failed)}header.inconclusive{border-color:var(--inconclusive)}
.kicker{margin:0;color:var(--faint);letter-spacing:.08em;text-transform:uppercase;font-size:.75rem}
h1{margin:.1rem 0 .4rem;font-size:1.6rem;line-height:1.25;overflow-wrap:anywhere}
.decision{margin:0;font-size:1.05rem}
header.passed strong,.passed>.sign,.passed .sign{color:var(--passed)}header.failed strong,.failed>.sign,td.failed{color:var(--failed)}header.inconclusive strong,.inconclusive>.sign,td.inconclusive{color:var(--inconclusive)}td.passed{color:var(--passed)}td.skipped,.skipped>.sign{color:var(--skipped)}
.legend{color:var(--faint);font-size:.85rem;margin:.25rem 0 1rem}
span.candidate{color:var(--candidate)}span.incumbent{color:var(--incumbent)}span.limit{color:var(--failed)}
.gate{background:var(--card);border:1px solid var(--line);border-radius:8px;margin:.6rem 0;padding:.6rem 1rem}
.gate>summary{cursor:pointer;font-weight:600}
.gate .status{color:var(--faint);font-weight:400}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.5rem 0}
th{text-align:left;color:var(--faint);font-weight:500;border-bottom:1px solid var(--line);padding:.25rem .5rem .25rem 0;white-space:nowrap}
td{padding:.3rem .5rem .1rem 0;vertical-align:top}
.number{font-variant-numeric:tabular-nums;white-space:nowrap}
tr.why td{color:var(--faint);padding-top:0;padding-bottom:.5rem;border-bottom:1px solid var(--line)}
ul{padding-left:1.1rem;margin:.5rem 0}
code{font-size:.85em;overflow-wrap:anywhere}
figure{margin:.75rem 0;min-width:0}
figcaption{font-size:.85rem;color:var(--faint)}
.figures{display:flex;flex-wrap:wrap;gap:1rem}
svg{width:280px;max-width:100%;display:block}
svg.wide{width:640px}
svg.mini{width:160px;min-width:120px}
svg text{fill:var(--ink);font-size:11px}
svg text.faint{fill:var(--faint)}
.grid{stroke:var(--line);stroke-width:.5}
.diagonal{stroke:var(--faint);stroke-dasharray:3 3;stroke-width:.75}
polyline{fill:none;stroke-width:2}polyline.thin{stroke-width:1}
polyline.candidate,.whisker{stroke:var(--candidate)}polyline.incumbent,path.incumbent{stroke:var(--incumbent)}
path.incumbent{stroke-width:2}.whisker{stroke-width:2}
circle.candidate{fill:var(--candidate)}circle.incumbent{fill:var(--incumbent)}
svg line.limit{stroke:var(--failed);stroke-dasharray:4 2;stroke-width:1.2}
rect.passed{fill:var(--incumbent)}rect.failed{fill:var(--failed)}rect.inconclusive{fill:var(--inconclusive)}
footer{color:var(--faint);font-size:.85rem;margin-top:1.5rem}
`
