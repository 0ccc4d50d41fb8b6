import { PAGE_STYLE } from '../html-style.ts'

/** The style of the check's page, and what tables and plots of measurements need besides. */
export const MEASURED_STYLE = `${PAGE_STYLE}
:root{--s2:#b3541e;--s3:#18794e;--s4:#8e4ec6;--s5:#8a6d00;--s6:#c2298a}
@media(prefers-color-scheme:dark){:root{--s2:#f0a070;--s3:#4cc38a;--s4:#c79bf0;--s5:#e2c541;--s6:#f58ac4}}
header{border-color:var(--candidate)}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.25rem;font-size:.9rem;margin:0 0 1rem;overflow-wrap:anywhere}
.facts dt{color:var(--faint)}.facts dd{margin:0;min-width:0}
section.part{background:var(--card);border:1px solid var(--line);border-radius:8px;margin:.8rem 0;padding:.75rem 1rem;overflow-wrap:anywhere}
section.part>h2{margin:0 0 .25rem}
.about{color:var(--faint);font-size:.9rem;margin:.1rem 0 .5rem}
.scroll table th,.scroll table td{padding:.3rem .9rem .3rem 0}
.scroll tbody th{font-weight:500;min-width:11rem}
.scroll tbody tr+tr>*{border-top:1px solid var(--line)}
.scroll .n{text-align:right;white-space:nowrap}
td.good{color:var(--passed)}td.bad{color:var(--failed);font-weight:600}td.doubt{color:var(--inconclusive)}td.quiet,th.quiet{color:var(--skipped)}
.more{color:var(--faint);font-size:.85rem;margin:.25rem 0 0}
.keys{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;margin:.25rem 0;font-size:.85rem}
.keys svg{display:inline-block;width:30px;vertical-align:middle;margin-right:.4rem}
svg.plot{width:640px}svg.curve{width:640px}svg.square{width:380px}
polyline.s1,line.s1{stroke:var(--candidate)}polyline.s2,line.s2{stroke:var(--s2);stroke-dasharray:7 3}polyline.s3,line.s3{stroke:var(--s3);stroke-dasharray:2 3}polyline.s4,line.s4{stroke:var(--s4);stroke-dasharray:9 3 2 3}polyline.s5,line.s5{stroke:var(--s5);stroke-dasharray:4 2}polyline.s6,line.s6{stroke:var(--s6);stroke-dasharray:1 3}
line.s1,line.s2,line.s3,line.s4,line.s5,line.s6{stroke-width:2}
circle.s1,rect.s1,polygon.s1{fill:var(--candidate)}circle.s2,rect.s2,polygon.s2{fill:var(--s2)}circle.s3,rect.s3,polygon.s3{fill:var(--s3)}circle.s4,rect.s4,polygon.s4{fill:var(--s4)}circle.s5,rect.s5,polygon.s5{fill:var(--s5)}circle.s6,rect.s6,polygon.s6{fill:var(--s6)}
polygon{opacity:.14}circle.hover{opacity:0}circle.hover:hover{opacity:1}
rect.good,circle.good{fill:var(--passed)}rect.bad,circle.bad{fill:var(--failed)}rect.doubt,circle.doubt{fill:var(--inconclusive)}rect.quiet,circle.quiet{fill:var(--still)}
line.whisker.good{stroke:var(--passed)}line.whisker.bad{stroke:var(--failed)}line.whisker.doubt{stroke:var(--inconclusive)}line.whisker.quiet{stroke:var(--still)}
.warnings{border-left:6px solid var(--inconclusive)}.warnings ul{margin:.25rem 0}
@media(max-width:44rem){.facts{grid-template-columns:1fr}.facts dd{margin-bottom:.35rem}section.part{padding:.6rem .75rem}svg.plot{width:530px;max-width:none}svg.curve{width:520px;max-width:none}.scroll td:not(.n){min-width:9rem}}
@media print{section.part{border-color:#999;break-inside:auto}h2{break-after:avoid}.scroll{overflow:visible}}
`
