import { expect, test } from 'vitest'
import { openClockSkew, watchDate } from '../../../src/app/clock-skew.ts'

const AT = Date.parse('2026-11-21T10:00:00Z')

test('the clock’s fault is told in seconds, and one odd answer or a broken header changes nothing', () => {
  const skew = openClockSkew()
  expect(skew.seconds()).toBe(null)
  for (const header of [null, undefined, '', 'yesterday']) skew.observe(header, AT)
  expect(skew.seconds()).toBe(null)

  for (let answer = 0; answer < 5; answer++) skew.observe('Sat, 21 Nov 2026 09:58:30 GMT', AT)
  skew.observe('Sat, 21 Nov 2020 10:00:00 GMT', AT)
  expect(skew.seconds()).toBe(90)
  for (let answer = 0; answer < 9; answer++) skew.observe('Sat, 21 Nov 2026 10:00:00 GMT', AT)
  expect(skew.seconds()).toBe(0)
})

test('every answer of GitHub tells its time, and goes through untouched', async () => {
  const skew = openClockSkew()
  const answer = new Response('body', { headers: { date: 'Sat, 21 Nov 2026 10:00:30 GMT' } })
  const send = watchDate(
    async () => answer,
    skew,
    () => AT,
  )

  expect(await send('https://api.github.com/')).toBe(answer)
  expect(skew.seconds()).toBe(-30)
})
