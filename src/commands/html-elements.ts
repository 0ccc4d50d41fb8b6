/** Elements that never have an end. */
const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '))
/** Elements whose end may be left out: the end of what holds them ends them too. */
const ENDS_WITH_PARENT = new Set(
  'p li dt dd td th tr thead tbody tfoot option optgroup colgroup caption rp rt'.split(' '),
)
/** What GitHub knows; `<model>` in a sentence is nothing of the kind and opens nothing. */
const KNOWN = new Set(
  (
    'a abbr address article aside audio b bdi bdo blockquote body button canvas caption center cite code colgroup data ' +
    'datalist dd del details dfn dialog dir div dl dt em fieldset figcaption figure font footer form frameset h1 h2 h3 ' +
    'h4 h5 h6 head header hgroup html i iframe ins kbd label legend li main map mark marquee math menu meter nav nobr ' +
    'noembed noframes noscript object ol optgroup option output p picture plaintext pre progress q rb rp rt rtc ruby s ' +
    'samp script search section select slot small span strike strong style sub summary sup svg table tbody td template ' +
    'textarea tfoot th thead time title tr tt u ul var video xmp'
  ).split(' '),
)
const PIECE =
  /<!--[\s\S]*?(?:-->|$)|<[?][\s\S]*?(?:[?]>|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<(\/?)([A-Za-z][A-Za-z0-9-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>?/g
const ENDED = /^<!--[\s\S]*-->$|^<[?][\s\S]*[?]>$|^<!\[CDATA\[[\s\S]*\]\]>$|^<\/?[A-Za-z][\s\S]*>$/

/** The HTML elements that are open at some place of a text, as a browser would have them. */
export interface OpenElements {
  /** Whether nothing is open. */
  isEmpty(): boolean
  /** Reads further HTML. */
  read(html: string): void
}

/**
 * Follows start and end tags through the HTML of a text.
 *
 * An end tag closes its element only when nothing but elements that may lack their end stands between; any other is
 * ignored, so that a wrong one can leave too much open and never too little. A tag or comment that never ends swallows
 * whatever follows, as it does in a browser.
 */
export function openElements(): OpenElements {
  const open: string[] = []
  let isSwallowed = false
  const close = (name: string) => {
    let top = open.length - 1
    while (top >= 0 && open[top] !== name && ENDS_WITH_PARENT.has(open[top]!)) top--
    if (open[top] === name) open.length = top
  }
  const read = (html: string) => {
    for (const [piece, slash, called] of html.matchAll(PIECE)) {
      const name = called?.toLowerCase()
      if (!ENDED.test(piece)) isSwallowed = true
      if (name === undefined || VOID.has(name) || !(KNOWN.has(name) || name.includes('-'))) continue
      if (slash === '/') close(name)
      else open.push(name)
    }
  }
  return { isEmpty: () => open.length === 0 && !isSwallowed, read }
}
