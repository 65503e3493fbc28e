/**
 * What SPM says beside its number and times: whether the sample is a patient's, and whether samples were pooled. A
 * control's result is nobody's, and a pool's positive is not yet anyone's.
 */

import { EVENT_LIMITS } from '#core/events/events.ts';
import { fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import type { Segment } from './message.ts';

/** SPM-11 (table 0369): blind samples, calibrators, controls of every kind, replicates, tests of skill. */
const NO_PATIENTS = new Set(['B', 'C', 'E', 'F', 'O', 'Q', 'R', 'V']);
/** Grouped, and pooled. */
const POOLED = new Set(['G', 'L']);
const ENVIRONMENT = /environment|surface|sewage|waste ?water|环境|物表|物体表面|污水|冷链|外包装/i;
/** SNOMED CT: not detected, and detected, in a pooled specimen. */
const POOLED_RESULT = /^(895231008|462371000124108)$/;
const POOLED_WORDING = /pooled|混检|混管|混采/i;
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
export function poolSizeOf(spm: Segment, obx: Segment): Reading<number | null> {
  const text = spm.text(13);
  const isPooled = POOLED.has(spm.text(11, 1).toUpperCase()) || saysPooled(obx);
  if (text === '')
    return isPooled
      ? fault('SPM-13', 'is missing: of how many samples the pool is isn’t known', 'send their number there')
      : taken(null);
  const size = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > EVENT_LIMITS.poolSizeMax)
    return fault(
      'SPM-13',
      `is no number of samples from 1 to ${EVENT_LIMITS.poolSizeMax}`,
      'send how many were pooled',
    );
  return taken(isPooled || size > 1 ? size : null);
}

function saysPooled(obx: Segment): boolean {
  return obx
    .repetitions(obx.charsOf(5) > VALUE_CHARS_LOOKED_AT ? 0 : 5)
    .slice(0, 8)
    .some((value) =>
      [1, 2, 4, 5, 9].some((component) => {
        const text = value.text(component).slice(0, WORDING_CHARS_MAX);
        return POOLED_RESULT.test(text) || POOLED_WORDING.test(text);
      }),
    );
}
