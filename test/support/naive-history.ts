/** A person's history, as the second implementation looks at it: in civil time. It holds nothing of the core's. */

import type { Civil } from './naive-time.ts';

export interface NaiveResult {
  readonly issued: Civil;
  readonly sampled: Civil | null;
  readonly tested: Civil | null;
  readonly province: string;
  /** Otherwise nucleic acid. */
  readonly method?: 'antigen';
  /** Otherwise it is negative. */
  readonly positive?: boolean;
  /** Of a tube that held the samples of several people. */
  readonly pooled?: boolean;
}

export interface NaiveStay {
  readonly from: Civil;
  /** Null: still there. */
  readonly to: Civil | null;
  readonly area: string;
  readonly level: string;
}

export interface NaiveHistory {
  readonly results: readonly NaiveResult[];
  readonly samplings: readonly { readonly sampled: Civil; readonly province: string }[];
  readonly doses?: readonly { readonly given: Civil; readonly doseNumber: number }[];
  /** On record. */
  readonly stays?: readonly NaiveStay[];
  /** Whether the person says that there were none. */
  readonly saysNoStays?: boolean;
  readonly arrived?: Civil;
}

/** When it was taken, as nearly as it is known. */
export const takenOf = ({ sampled, tested, issued }: NaiveResult): Civil => sampled ?? tested ?? issued;
