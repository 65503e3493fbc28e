/** Whose a rule is, and what it was read from. */

import { Type } from '@sinclair/typebox';
import type { ProvinceCode } from '#core/field/regions.ts';
import { choice, closed, type Read, text } from './form.ts';

/** The national rules stand under this code; no publisher has it. */
export const NATIONAL = '00';
export type RuleOwner = ProvinceCode | typeof NATIONAL;

export const RELIABILITIES = ['A', 'B', 'C'] as const;

export const Source = Type.Object(
  {
    title: text(300, 'what the source is'),
    url: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      pattern: '^https?://\\S+$',
      description: 'its address; null: none is known',
    }),
    reliability: choice(
      RELIABILITIES,
      'A: government or state media; B: a repost that names the notice; C: unconfirmed',
    ),
  },
  closed,
);
export type SourceText = Read<typeof Source>;
