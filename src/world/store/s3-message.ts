/** A request as the store understands it, however it came in. */
export interface S3Request {
  readonly method: string
  /** As sent, percent-encoded: the signature is over these bytes. */
  readonly rawPath: string
  readonly query: S3Query
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** As sent: frames of aws-chunked are still on it. */
  readonly body: Buffer
  /** Where the request goes; the key is empty for the bucket itself. */
  readonly bucket: string
  readonly key: string
  /** When its head arrived: what happens to the key from here on is a conflict for a conditional write. */
  readonly mark: number
}

export type S3Query = ReadonlyMap<string, string>

export interface S3Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Names and values of a query, decoded once; `+` is a plus. */
export function parseQuery(text: string): S3Query {
  const pairs = text.split('&').filter((pair) => pair !== '')
  return new Map(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      return [decodeURIComponent(name), decodeURIComponent(value)]
    }),
  )
}

export function empty(status: number, headers: Readonly<Record<string, string>> = {}): S3Answer {
  return { status, headers, body: Buffer.alloc(0) }
}

/** An answer in XML; `content` is XML already. */
export function xml(status: number, root: string, content: string): S3Answer {
  const namespace = root === 'Error' ? '' : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${namespace}>${content}</${root}>`
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(text) }
}

/** One element with its text escaped; nothing for undefined. */
export function element(name: string, text: string | number | boolean | undefined): string {
  return text === undefined ? '' : `<${name}>${escaped(String(text))}</${name}>`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character)
}

/** Texts of all elements of a name, in order; enough for the three small bodies that S3 takes. */
export function elementsIn(text: string, name: string): readonly string[] {
  const found = text.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^]*?)</${name}>`, 'g'))
  return [...found].map(([, inner = '']) => inner)
}

const UNESCAPES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The text of the first element of a name, its entities resolved. */
export function elementIn(text: string, name: string): string | undefined {
  return elementsIn(text, name)[0]?.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (all, decimal, hex, word) => {
    if (word !== undefined) return UNESCAPES[word as string] ?? all
    return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal))
  })
}
