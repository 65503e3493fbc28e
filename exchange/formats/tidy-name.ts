/**
 * A text by which a sample or laboratory is told from others, in one form: full-width letters, runs of blanks and
 * characters that nobody sees make no other. It must never cut a long one, which could then be another's.
 */

import { isPlaceholder } from '#core/events/event-texts.ts';
import { EVENT_LIMITS } from '#core/events/events.ts';

export type TidyName =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly why: 'garbled' | 'placeholder' | 'too_long' };

const UNSEEN = /[\p{Cc}\u200b-\u200f\u2060\ufeff\u00ad]/gu;
/** What stands for a character that could not be read. */
const UNREADABLE = '\uFFFD';

export function tidyName(text: string): TidyName {
  if (text.includes(UNREADABLE)) return { ok: false, why: 'garbled' };
  if (text.length > 8 * EVENT_LIMITS.textCharsMax) return { ok: false, why: 'too_long' };
  const tidy = text.normalize('NFKC').replace(/\s+/g, ' ').replace(UNSEEN, '').trim();
  if (isPlaceholder(tidy) || /^unk$/i.test(tidy)) return { ok: false, why: 'placeholder' };
  return tidy.length > EVENT_LIMITS.textCharsMax ? { ok: false, why: 'too_long' } : { ok: true, value: tidy };
}
