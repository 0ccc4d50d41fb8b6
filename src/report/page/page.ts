/**
 * What a measuring command tells people: one page, printed as text with plots of characters, or written as one
 * self-contained HTML file. Numbers are texts already; nothing on it is escaped yet.
 */
export interface Page {
  readonly title: string
  /** The answer in one or two sentences. */
  readonly lead: string
  /** What it was measured on: files, rows, level, seed. */
  readonly facts: readonly PageFact[]
  readonly parts: readonly PagePart[]
  readonly warnings: readonly PageWarning[]
  /** What to tell somebody who does not open the page. */
  readonly alarms?: readonly PageAlarm[]
}

/** bad: a window drifted, a number lies beyond its limit; doubt: that could not be told. */
export interface PageAlarm {
  readonly tone: 'bad' | 'doubt'
  readonly message: string
}

export interface PageFact {
  readonly name: string
  readonly value: string
}

export interface PageWarning {
  readonly code: string
  readonly column?: string
  readonly message: string
}

/** quiet: of no consequence; doubt: could not be told. */
export type Tone = 'good' | 'bad' | 'doubt' | 'quiet'

export type PagePart = TablePart | PlotPart | TextPart

export interface TextPart {
  readonly kind: 'text'
  readonly title: string
  readonly lines: readonly string[]
}

export interface TablePart {
  readonly kind: 'table'
  readonly title: string
  readonly about?: string
  readonly columns: readonly { readonly name: string; readonly align?: 'right' }[]
  readonly rows: readonly (readonly Cell[])[]
}

export type Cell = string | { readonly text: string; readonly tone: Tone }

export interface PlotPart {
  readonly kind: 'plot'
  readonly title: string
  readonly about?: string
  readonly plot: Plot
}

export type Plot = BarsPlot | LinesPlot | HistogramPlot

/** One bar or, with intervals, one dot with whiskers a row. */
export interface BarsPlot {
  readonly type: 'bars'
  readonly bars: readonly {
    readonly label: string
    /** null: no number; shown as such. */
    readonly value: number | null
    readonly interval?: readonly [number, number] | null
    readonly tone?: Tone
  }[]
  readonly unit?: string
  /** A limit that is drawn across. */
  readonly limit?: number
}

/** Curves over a common axis; gaps where a y is null. */
export interface LinesPlot {
  readonly type: 'lines'
  readonly x: { readonly label: string }
  readonly y: { readonly label: string }
  readonly series: readonly {
    readonly name: string
    readonly points: readonly (readonly [number, number | null])[]
    /** x, low, high. */
    readonly band?: readonly (readonly [number, number, number])[]
  }[]
  /** Draw y = x. */
  readonly diagonal?: boolean
}

/** Shares of one or two windows in the same bins; `bins` are labels or ranges in words. */
export interface HistogramPlot {
  readonly type: 'histogram'
  readonly bins: readonly string[]
  readonly series: readonly { readonly name: string; readonly shares: readonly number[] }[]
}
