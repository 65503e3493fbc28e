/** What `hutong import` is told on the command line, as its parser leaves it. */

import type { ProvinceCode } from '#core/field/regions.ts';
import type { FileFlags } from '#services/cli/shared/file-options.ts';
import type { Language } from './language.ts';
import type { ReportForm } from './printed.ts';

export interface ImportOptions extends FileFlags {
  readonly to?: URL;
  readonly runDir: string;
  readonly province?: ProvinceCode;
  readonly as?: string;
  readonly retries: number;
  readonly mapping?: string;
  readonly proposeMapping?: true;
  readonly check?: true;
  readonly json?: true;
  readonly report: ReportForm;
  readonly language: Language;
  readonly watch?: true;
  readonly again?: true;
  readonly undo?: true;
  readonly keepDays: number;
  /** Flags that were written, not those that have their default. */
  readonly written: ReadonlySet<string>;
}
