import { barsText } from './bars-text.ts'
import { finitePlot } from './finite.ts'
import { histogramText } from './histogram-text.ts'
import { linesText } from './lines-text.ts'
import type { Plot } from './page.ts'
import type { Screen } from './tone.ts'

/** A plot drawn in characters, for a terminal or a block of code. */
export function plotText(given: Plot, screen: Screen): readonly string[] {
  const plot = finitePlot(given)
  switch (plot.type) {
    case 'bars':
      return barsText(plot, screen)
    case 'lines':
      return linesText(plot, screen)
    case 'histogram':
      return histogramText(plot, screen)
  }
}
