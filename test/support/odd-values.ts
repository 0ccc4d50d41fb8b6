/** Texts that programs like to take for something else; each is a value of its own. */
export const ODD_TEXTS = [
  ...['1', '01', '1.0', '+1', '-0', '0', 'true', 'True', 'yes', ' yes', 'yes ', 'NaN', 'null', 'None', 'NA', 'inf'],
  ...[
    '1e5',
    '100000',
    '0x10',
    '16',
    '1_000',
    '',
    ' ',
    '\t',
    '\u00e9',
    'e\u0301',
    '\u200b',
    'a\u200bb',
    'ab',
    '\u202eabc',
  ],
  ...[
    '\u05d0\u05d1',
    '__proto__',
    'constructor',
    'toString',
    'a,b',
    'a"b',
    'a\nb',
    "a'b",
    '<b>&amp;',
    '=1+1',
    '\ud83d\ude00',
  ],
  ...['9007199254740993', '9007199254740992', '2026-01-31', '31.01.2026', '01/02/2026', '[object Object]', 'undefined'],
]
export const ODD_NUMBERS = [
  '0',
  '-0',
  '1',
  '-1',
  '0.5',
  '1e308',
  '-1e308',
  '5e-324',
  '1e-300',
  '1.7976931348623157e308',
  '123456789.125',
]
/** As JSON Lines has to quote them. */
export const SPECIAL_NUMBERS = ['NaN', 'Infinity', '-Infinity']
export const LARGE_WHOLES = [
  '9007199254740992',
  '9007199254740993',
  '9007199254740994',
  '-9007199254740993',
  '9223372036854775807',
]
export const TIMES = [
  '2026-01-31',
  '1970-01-01',
  '2026-02-28T10:00:00Z',
  '0001-01-01',
  '9999-12-31T23:59:59Z',
  '2024-02-29',
]
/** Names of columns that a careless program trips over. */
export const ODD_NAMES = [
  '__proto__',
  'constructor',
  'a"b',
  'a,b',
  'a\nb',
  'e\u0301',
  '\u00e9',
  ' lead',
  'toString',
  'NaN',
  '1',
  '\u05d0',
  'value',
  '=x',
]
