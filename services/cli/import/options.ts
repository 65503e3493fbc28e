/**
 * What `hutong import` is told on the command line, as its parser leaves it. It must load nothing of what an import
 * does: every other command would then load that too.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import type { FileFlags } from '#services/cli/shared/file-options.ts';

export const REPORT_FORMS = ['table', 'csv', 'json'] as const;
export type ReportForm = (typeof REPORT_FORMS)[number];

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A mistake in how the command was called; nothing has been sent. */
export class UsageError extends Error {}

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
