import type { Command } from './command.ts'

/** What is wrong with a command line. */
export interface Problem {
  /** Column, from 1. */
  readonly at: number
  readonly message: string
}

/** A problem as it is told. */
export interface ToldProblem extends Problem {
  readonly didYouMean?: string
  readonly usage: string
}

/** A line of a comment that asks for something. */
export type ReadLine = { readonly line: number; readonly text: string } & (
  | { readonly command: Command }
  | { readonly problem: ToldProblem }
)
