/**
 * The words in which a decision comes out: the outcome, and why. Nothing is decided here.
 */

import type { Doubt } from './doubt.ts';
import type { Finding } from './finding.ts';

export const OUTCOMES = ['recognised', 'not_recognised', 'no_evidence', 'undetermined'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What the caller could mend by asking otherwise. */
export const QUESTION_FAULTS = ['statement_missing', 'other_instant'] as const;
export type QuestionFault = (typeof QUESTION_FAULTS)[number];

export type Reason = Finding | Doubt | QuestionFault;
