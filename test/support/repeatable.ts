import fc from 'fast-check'

// Properties are tried on the same examples every day; the deep run tries new ones and prints its seed when one fails.
if (process.env.WEIGHBRIDGE_DEEP === undefined) fc.configureGlobal({ seed: 20_261_121 })
