import { describe, expect, test } from 'vitest'
import type { Exhibit } from '../../src/gates/finding.ts'
import { renderHtml } from '../../src/report/html.ts'
import { renderIndex } from '../../src/report/html-index.ts'
import { aucRule, checkOf, curves, failed, gate, groupRow, groups, passed, root } from './checks.ts'
import { checkAbout, HOSTILE } from './hostile.ts'

const TAGS = new Set(
  '!doctype html head meta title style body main header p h1 strong span ul li section h2 details summary h3 table caption thead tr th tbody td svg line circle polyline rect g text em code div figure figcaption footer wbr'.split(
    ' ',
  ),
)

describe('a page', () => {
  test.each(HOSTILE.map((text) => [text.slice(0, 40), text] as const))('holds %j as text alone', (_, text) => {
    const page = renderHtml(checkAbout(text))
    const tags = [...page.replace(/<style>[\s\S]*?<\/style>/, '').matchAll(/<\/?([a-z!][a-z0-9]*)([^<>]*)>/gi)]

    expect(tags.filter(([, name]) => !TAGS.has(name!.toLowerCase()))).toEqual([])
    expect(
      tags.filter(([, , attributes]) =>
        /\son\w+=|javascript:|\shref|\ssrc/i.test((attributes ?? '').replace(/="[^"]*"/g, '=')),
      ),
    ).toEqual([])
    expect(page).not.toMatch(/\p{Cf}|[^\P{Cc}\n]/u)
    expect(page.match(/<details/g)?.length).toBe(page.match(/<\/details>/g)?.length)
  })

  test('asks nothing of anybody: no script, no link, a policy that forbids both', () => {
    const page = renderHtml(passed)

    expect(page).toContain("default-src 'none'; style-src 'unsafe-inline'")
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|https?:/i)
  })

  test('with 60 columns and 40 groups it is under 500 KB', () => {
    const columns: Exhibit = {
      kind: 'columns',
      threshold: 0.05,
      columns: Array.from({ length: 60 }, (_, index) => ({
        column: `feature_number_${index}`,
        score: index / 100,
        threshold: 0.05,
        is_drifted: index > 5,
      })),
    }
    const forty = groups(Array.from({ length: 40 }, (_, index) => groupRow(`group ${index}`, 100 + index, index / 50)))
    const rules = Array.from({ length: 40 }, (_, index) =>
      aucRule('failed', 0.5, { title: `rule ${index}`, exhibits: [forty] }),
    )
    const page = renderHtml(
      checkOf(
        root('failed', 'much', [
          gate('drift', 'passed', [], { exhibits: [columns, ...curves] }),
          gate('fairness', 'failed', rules),
        ]),
      ),
    )

    expect(page.length).toBeLessThan(500_000)
    expect(page).toContain('feature_number_59')
    expect(page).toContain('group 39')
  })

  test('can be read without eyes: a title, headings in order, table headers, drawings in words', () => {
    const page = renderHtml(failed)
    const headings = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level))

    expect(page).toContain('<title>Held: churn 1.3.0 → 1.4.0 in production</title>')
    expect(headings[0]).toBe(1)
    for (const [index, level] of headings.entries()) if (index > 0) expect(level - headings[index - 1]!).toBeLessThan(2)
    expect(page.match(/<svg(?![^>]*aria-label="[^"]{5})/g)).toBeNull()
    expect(page).toContain(
      'aria-label="selection rate by sex: Female 0.0788, Male 0.2674, missing 0.25 (too few rows), (too small to show) not shown"',
    )
    expect(page.match(/<th scope="col">rule<\/th>/g)?.length).toBe(2)
  })

  test('of all checks lists each with its decision', () => {
    const page = renderIndex([{ title: '<b>', told: 'it passes', status: 'passed', href: '/1', report: '/reports/"1' }])

    expect(page).toContain('1 promotion, weighed')
    expect(page).toContain('<a href="/1">&#60;b&#62;</a>')
    expect(page).toContain('<a href="/reports/&#34;1">report</a>')
    expect(page).toContain('<em>Passed.</em>')
    expect(renderIndex([{ title: 'a', told: '', status: 'skipped', href: '/1', meanwhile: 'Weighing' }])).toContain(
      '<em>Weighing.</em>',
    )
  })
})
