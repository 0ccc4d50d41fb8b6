import type { Feature, TableReference } from '../registry/model.ts'
import type { VersionRecord } from '../registry/record.ts'

/** What every measuring request says of the exam. */
export interface ExamTerms {
  readonly data: TableReference
  readonly task: 'binary' | 'multiclass' | 'regression' | 'other'
  readonly label: { readonly name: string; readonly positive?: string | number | boolean }
  readonly columns: { readonly id?: string; readonly time?: string; readonly unit?: string; readonly weight?: string }
}

/** What of a version record decides its scores on an exam. */
export interface Subject {
  readonly model: string
  readonly version: string
  readonly artifact: VersionRecord['artifact']
  readonly files?: VersionRecord['files']
  /** Order of the columns of a single tensor input. */
  readonly features: readonly string[]
  readonly feature_types: Readonly<Record<string, Feature['type']>>
  readonly signature?: VersionRecord['signature']
  readonly classes?: VersionRecord['classes']
  readonly threshold: number
  readonly predictions?: VersionRecord['evaluation']['predictions']
  readonly units?: VersionRecord['evaluation']['units']
}
