/**
 * The texts of events, as a sender writes them: what is only written otherwise becomes the same, and what fills no
 * field is refused. The door asks before an event is accepted; what is in the log already stays as it is, for a record
 * that was accepted must never become a dead letter by a newer rule.
 */

import { holdsNumber } from '#core/field/number-in-text.ts';
import { type EventFault, FAULTS } from './event-faults.ts';
import type { EventType, PersonEvent } from './events.ts';

/**
 * `identifier`: two that look alike are one, so it's compared in NFKC, without what only chooses a letter's form.
 * `text`: shown as it was written, in NFC.
 */
type TextKind = 'identifier' | 'text';

interface TextField {
  readonly kind: TextKind;
  /** May be null: a blank is then as if it weren't there. */
  readonly optional?: true;
}

const IDENTIFIER: TextField = { kind: 'identifier' };
const TEXT: TextField = { kind: 'text' };
const OPTIONAL_IDENTIFIER: TextField = { kind: 'identifier', optional: true };
const OPTIONAL_TEXT: TextField = { kind: 'text', optional: true };

/** What a sender writes freely; the ids that the exchange makes itself aren't here. */
export const FREE_TEXTS: Readonly<Record<EventType, Readonly<Record<string, TextField>>>> = {
  TestReported: {
    laboratory: IDENTIFIER,
    sampleId: IDENTIFIER,
    tubeId: OPTIONAL_IDENTIFIER,
    run: OPTIONAL_IDENTIFIER,
    method: IDENTIFIER,
    specimen: OPTIONAL_IDENTIFIER,
  },
  SamplingRecorded: { site: IDENTIFIER, sampleId: IDENTIFIER, tubeId: OPTIONAL_IDENTIFIER },
  VaccinationAdministered: { doseId: IDENTIFIER, product: TEXT, manufacturer: TEXT },
  CodeAssigned: {
    decisionId: IDENTIFIER,
    state: IDENTIFIER,
    authority: OPTIONAL_TEXT,
    legalBasis: OPTIONAL_TEXT,
    appealContact: OPTIONAL_TEXT,
  },
  ExposureRecorded: { exposureId: IDENTIFIER, riskArea: IDENTIFIER, level: IDENTIFIER },
  PersonErased: { erasureId: IDENTIFIER, authority: TEXT, legalBasis: TEXT },
};

/** As pairs: they are gone through for each event. */
const FIELDS = Object.fromEntries(
  Object.entries(FREE_TEXTS).map(([type, fields]) => [type, Object.entries(fields)]),
) as unknown as Readonly<Record<EventType, readonly (readonly [field: string, kind: TextField])[]>>;

/** What people and programs write where they have nothing to write. */
const PLACEHOLDER =
  /^([-–—_./\\*?？、。·\u2800]+|无|没有|暂无|未知|不详|空|null|none|nil|n\/?a|undefined|unknown|nan|tbd)$/iu;

/** Whether a text without blanks around it fills no field. */
export function isPlaceholder(tidy: string): boolean {
  return tidy === '' || PLACEHOLDER.test(tidy);
}

/** Joins letters of the country's scripts, or chooses among their forms; two identifiers never differ by it alone. */
const FORMS = String.raw`[\u200c\u200d\u180b-\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]`;
const ALL_FORMS = new RegExp(FORMS, 'gv');

/**
 * Control characters, marks that change in which direction or order a gate shows what stands beside them, and what
 * nobody sees: two texts that differ by it alone look the same.
 */
const MARKS = new RegExp(
  String.raw`[[\p{Cc}\p{NChar}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\ufff9-\ufffb]--${FORMS}]`,
  'v',
);

export type TidyTexts<E> =
  | { readonly ok: true; readonly event: E }
  | { readonly ok: false; readonly fault: EventFault };

/**
 * The event with its texts in one form, or the first fault of them.
 * @param ownNumber the number of the person's document as it was written; null where the event names a key
 * @param today days since 1970-01-01
 */
export function tidyTexts<E extends PersonEvent>(event: E, ownNumber: string | null, today: number): TidyTexts<E> {
  const texts = event as unknown as Readonly<Record<string, string | null>>;
  const changed: Record<string, string | null> = {};
  let isChanged = false;
  for (const [field, { kind, optional = false }] of FIELDS[event.type]) {
    const written = texts[field] ?? null;
    if (written === null) continue;
    const tidy = tidyOf(written, kind);
    const isBlank = isPlaceholder(tidy);
    if (isBlank && !optional) return { ok: false, fault: { field, ...FAULTS.textBlank } };
    if (MARKS.test(tidy)) return { ok: false, fault: { field, ...FAULTS.textWithMarks } };
    if (holdsNumber(tidy, ownNumber, today)) return { ok: false, fault: { field, ...FAULTS.numberInText } };
    const kept = isBlank ? null : tidy;
    if (kept === written) continue;
    changed[field] = kept;
    isChanged = true;
  }
  return { ok: true, event: isChanged ? { ...event, ...changed } : event };
}

function tidyOf(written: string, kind: TextKind): string {
  return kind === 'identifier'
    ? written.replace(ALL_FORMS, '').normalize('NFKC').trim()
    : written.normalize('NFC').trim();
}
