/** The page's only style sheet: readable on paper, on a phone and in the dark. */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--ink:#1c2024;--faint:#60646c;--paper:#fbfcfd;--card:#fff;--line:#d9dde3;--candidate:#0b68cb;--incumbent:#8a6d3b;--passed:#18794e;--failed:#c62a2f;--inconclusive:#8a5a00;--skipped:#60646c;--still:#aab4c0}
@media(prefers-color-scheme:dark){:root{--ink:#edeef0;--faint:#b0b4ba;--paper:#111315;--card:#191b1f;--line:#363a3f;--candidate:#70b8ff;--incumbent:#d8b56a;--passed:#4cc38a;--failed:#ff8589;--inconclusive:#f5b93d;--skipped:#b0b4ba;--still:#5a626c}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:66rem;margin:0 auto;padding:1.5rem}
header{border-left:6px solid var(--line);padding:.1rem 1.25rem;margin-bottom:1rem}
header.passed{border-color:var(--passed)}header.failed{border-color:var(--failed)}header.inconclusive{border-color:var(--inconclusive)}
.kicker{margin:0;color:var(--faint);letter-spacing:.08em;text-transform:uppercase;font-size:.75rem}
h1{margin:.1rem 0 .4rem;font-size:1.6rem;line-height:1.25;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:1.5rem 0 .5rem;overflow-wrap:anywhere}
h2.quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
h3{display:inline;font-size:1rem;margin:0}
.decision{margin:0;font-size:1.05rem;overflow-wrap:anywhere}
.changes{color:var(--faint);font-size:.9rem}
.passed>.sign,.passed>h3 .sign,.passed>summary .sign,header.passed strong,tr.passed .sign{color:var(--passed)}
.failed>.sign,.failed>summary .sign,header.failed strong,tr.failed td[data-label=verdict]{color:var(--failed)}
.inconclusive>.sign,.inconclusive>summary .sign,header.inconclusive strong,tr.inconclusive td[data-label=verdict]{color:var(--inconclusive)}
.skipped>.sign,.skipped>summary .sign,tr.skipped td[data-label=verdict]{color:var(--skipped)}
.legend{color:var(--faint);font-size:.85rem;margin:.25rem 0 1rem}
span.candidate{color:var(--candidate)}span.incumbent{color:var(--incumbent)}span.limit{color:var(--failed)}
.gate{background:var(--card);border:1px solid var(--line);border-radius:8px;margin:.6rem 0;padding:.6rem 1rem;overflow-wrap:anywhere}
.gate>summary{cursor:pointer}
.gate .status,.gate.skipped>summary{color:var(--faint)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.5rem 0;font-variant-numeric:tabular-nums}
caption{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
thead th{text-align:left;color:var(--faint);font-weight:500;border-bottom:1px solid var(--line);padding:.25rem .75rem .25rem 0}
tbody th{text-align:left;font-weight:600;min-width:11rem}
td,tbody th{padding:.4rem .75rem .1rem 0;vertical-align:top}
thead th,td[data-label=measured],td[data-label=interval]{white-space:nowrap}
td[data-label=verdict],td[data-label=limit]{min-width:5.5rem}
tr.why td{color:var(--faint);padding-top:.1rem;padding-bottom:.5rem;border-bottom:1px solid var(--line)}
tr.why:last-child td{border-bottom:0}
ul{padding-left:1.1rem;margin:.5rem 0}
.notes{list-style:none;padding-left:0}.notes li{margin:.3rem 0}
code{font-size:.85em;color:var(--faint);overflow-wrap:anywhere}
footer code{color:var(--ink)}
.figures{display:flex;flex-wrap:wrap;gap:1.25rem}
figure{margin:.75rem 0 0;min-width:0;max-width:100%}
figcaption{font-size:.85rem;color:var(--faint);margin-bottom:.25rem}
.numbers{font-size:.85rem;color:var(--faint)}
svg{display:block;max-width:100%;height:auto;overflow:visible}
svg.square{width:300px}svg.wide{width:640px}svg.mini{width:130px;max-width:none}
svg text{fill:var(--ink);font-size:12px}
svg text.faint{fill:var(--faint)}
.grid{stroke:var(--line);stroke-width:.75}.axis{stroke:var(--line);stroke-width:1}
.diagonal{stroke:var(--faint);stroke-dasharray:3 3;stroke-width:.75}
polyline{fill:none;stroke-width:2}polyline.thin{stroke-width:1}
polyline.candidate,.whisker{stroke:var(--candidate)}polyline.incumbent,.tick{stroke:var(--incumbent)}
.whisker{stroke-width:2.5}.tick{stroke-width:2}
circle.candidate{fill:var(--candidate)}circle.incumbent{fill:var(--incumbent)}circle.hollow{fill:var(--card);stroke:var(--candidate);stroke-width:1.5}
line.limit{stroke:var(--failed);stroke-dasharray:4 3;stroke-width:1.5}
rect.still{fill:var(--still)}rect.failed{fill:var(--failed)}rect.inconclusive{fill:var(--inconclusive)}
.index li{margin:.8rem 0}.index p{margin:0;color:var(--faint)}a{color:var(--candidate)}
footer{color:var(--faint);font-size:.85rem;margin-top:1.5rem;overflow-wrap:anywhere}
@media(max-width:44rem){main{padding:1rem}header{padding:.1rem .75rem}.gate{padding:.6rem .75rem}
.rules thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.rules tbody,.rules tr,.rules td,.rules tbody th{display:block;padding:.1rem 0}.rules td.none{display:none}
.rules td[data-label]::before{content:attr(data-label) " ";color:var(--faint);display:inline-block;min-width:6rem}
.rules td[data-label]{white-space:normal}.rules tbody th{min-width:0}figure{overflow-x:auto;width:100%}svg.wide{max-width:none}.rules svg.mini{display:inline-block;vertical-align:middle}.rules tr:not(.why){padding-top:.5rem}}
@media print{body{background:#fff;font-size:11pt}main{max-width:none;padding:0}.gate{break-inside:auto;border-color:#999}figure,tr{break-inside:avoid}details::details-content{content-visibility:visible;block-size:auto}}
`
