/** A row of the matrix: something that is tried by everybody. It says who may, and not how that is decided. */

import type { Who } from './who.ts';

export interface Row {
  readonly what: string;
  /** On whose behalf, for where, for what, or on what. */
  readonly of: readonly string[];
  readonly decided: (who: Who, of: never) => boolean | Promise<boolean>;
  /** Who may, by name. */
  readonly may: (name: string, of: string) => boolean;
}

export const only =
  (...names: string[]) =>
  (name: string): boolean =>
    names.includes(name);
