/**
 * What SPM says beside its number and times: whether the sample is a patient's, and whether samples were pooled. A
 * control's result is nobody's, and a pool's positive is not yet anyone's.
 */

import { EVENT_LIMITS } from '#core/events/events.ts';
import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import { poolSizeSaid } from '#exchange/formats/result-rules.ts';
import type { Segment } from './message.ts';

/** SPM-11 (table 0369): blind samples, calibrators, controls of every kind, replicates, tests of skill. */
const NO_PATIENTS = new Set(['B', 'C', 'E', 'F', 'O', 'Q', 'R', 'V']);
/** Grouped, and pooled. */
const POOLED = new Set(['G', 'L']);
const ENVIRONMENT = /environment|surface|sewage|waste ?water|环境|物表|物体表面|污水|冷链|外包装/i;
/** SNOMED CT: not detected, and detected, in a pooled specimen. */
const POOLED_RESULT = /^(895231008|462371000124108)$/;
const WORDING_CHARS_MAX = 200;
/** A longer value is refused anyway. */
const VALUE_CHARS_LOOKED_AT = 4_096;

/** Why the sample can't be a patient's; null where it may be. */
export function strangerOf(spm: Segment, obr: Segment): Reading<null> {
  if (NO_PATIENTS.has(spm.text(11, 1).toUpperCase()))
    return fault('SPM-11', 'says that the sample is a control or the like, no patient’s', 'nothing to send');
  const texts = [spm.text(4, 1), spm.text(4, 2), spm.text(4, 5), spm.text(4, 9), obr.text(15, 1), obr.text(15, 2)];
  if (texts.some((text) => ENVIRONMENT.test(text.slice(0, WORDING_CHARS_MAX))))
    return fault('SPM-4', 'says that the sample was taken from the environment, no person', 'nothing to send');
  return taken(null);
}

/** How many samples were tested together; null: one alone. */
export function poolSizeOf(spm: Segment, obx: Segment, obr: Segment): Reading<number | null> {
  const text = spm.text(13);
  const stated = text === '' ? null : /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (stated !== null && (stated < 1 || stated > EVENT_LIMITS.poolSizeMax))
    return fault(
      'SPM-13',
      `is no number of samples from 1 to ${EVENT_LIMITS.poolSizeMax}`,
      'send how many were pooled',
    );
  const values = valuesOf(obx);
  const isPooled = POOLED.has(spm.text(11, 1).toUpperCase()) || values.some((value) => POOLED_RESULT.test(value));
  const size = poolSizeSaid(stated, [...values, ...namesBeside(spm, obx, obr)]);
  if (size === 'contradiction') return fault('SPM-13', 'contradicts the size of the pool beside it', 'send one size');
  // A number of one beside a word that says pool is no pool's size.
  if (size === 'unsized' || (isPooled && size === null))
    return fault('SPM-13', 'is missing: of how many samples the pool is isn’t known', 'send their number there');
  return taken(isPooled || (size ?? 1) > 1 ? size : null);
}

const TEXTS = [1, 2, 4, 5, 9] as const;

function valuesOf(obx: Segment): readonly string[] {
  return obx
    .repetitions(obx.charsOf(5) > VALUE_CHARS_LOOKED_AT ? 0 : 5)
    .slice(0, 8)
    .flatMap((value) => TEXTS.map((component) => value.text(component)));
}

/** Laboratories name the test for its pool: 新型冠状病毒核酸检测（10合1混检）. */
function namesBeside(spm: Segment, obx: Segment, obr: Segment): readonly string[] {
  const fields = [
    [obx, 3],
    [obr, 4],
    [obr, 15],
    [spm, 4],
  ] as const;
  return fields.flatMap(([segment, field]) => TEXTS.map((component) => segment.text(field, component)));
}
