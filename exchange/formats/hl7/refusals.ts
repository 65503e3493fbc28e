/** The reasons for which a message, or an observation in it, is not taken. They repeat no value. */

import type { FormatFault } from '#exchange/formats/format-fault.ts';
import { ANTIBODY } from '#exchange/formats/mapped-result.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import type { Segment } from './message.ts';
import type { Meaning, Other } from './observation.ts';
import { SEGMENTS_MAX } from './segments.ts';
import type { Standing } from './standing.ts';

export const SPLIT_FAULTS: Readonly<Record<'no-delimiters' | 'too-many', FormatFault>> = {
  'no-delimiters': {
    field: 'MSH-2',
    reason: 'does not say how the message is delimited',
    hint: 'send MSH|^~\\&| or other delimiters that all differ',
  },
  'too-many': {
    field: '',
    reason: `holds more than ${SEGMENTS_MAX} segments`,
    hint: 'send it in several messages',
  },
};

export function headerFaultOf(msh: Segment, settings: MappingSettings, { isDoubtful }: Standing): FormatFault | null {
  if (isDoubtful)
    return {
      field: 'NTE',
      reason:
        'ends where the next MSH begins, behind a line break that may be the note’s own: ' +
        'whose text it is can’t be told',
      hint: 'end all segments alike; write a line break within a text as \\.br\\',
    };
  if (!isOruR01(msh))
    return {
      field: 'MSH-9',
      reason: `is ${messageType(msh)}, not ORU^R01`,
      hint: 'only laboratory results are imported',
    };
  const processing = msh.text(11).toUpperCase();
  if (processing !== '' && processing !== 'P' && settings.isTraining !== true)
    return {
      field: 'MSH-11',
      reason: 'says that this is no production message',
      hint: 'send P in it; a training exchange takes others with --training',
    };
  return null;
}

function isOruR01(msh: Segment): boolean {
  return (
    msh.text(9, 1) === 'ORU' && (msh.text(9, 2) === 'R01' || (msh.text(9, 2) === '' && msh.text(9, 3) === 'ORU_R01'))
  );
}

function messageType(msh: Segment): string {
  const type = `${msh.text(9, 1)}^${msh.text(9, 2)}`;
  return /^[A-Z]{3}\^([A-Z]\d\d)?$/.test(type) ? type : 'another type of message';
}

/** Why an observation that is about the virus is no result of a test for it; null where nothing is to be said. */
export function meaningFault(meaning: Meaning): FormatFault | null {
  if (meaning.kind === 'antibody') return { field: 'OBX-3', ...ANTIBODY };
  if (meaning.kind === 'unclear')
    return {
      field: 'OBX-3',
      reason: meaning.reason,
      hint:
        'send the LOINC code of the test, such as 94500-6 (RNA) or 94558-4 (antigen), or name a local one ' +
        'with --test-code',
    };
  return null;
}

export const NO_OBSERVATION: FormatFault = {
  field: 'OBX',
  reason: 'the message holds no observation',
  hint: 'send the result in OBX; where the input may have been cut, fetch it again',
};
/** Of a message that may have been cut: the result may have stood behind the cut. */
export const NONE_YET: FormatFault = {
  field: 'OBX-3',
  reason: 'no observation of the message is a SARS-CoV-2 result; the input may have been cut',
  hint: 'fetch it again and send it whole',
};

/** What an observation is that is left out by design: another disease’s result, first of all. */
export const IGNORED: Readonly<Record<Other, FormatFault>> = {
  another_test: {
    field: 'OBX-3',
    reason: 'is a result of another test, for another disease',
    hint: 'nothing to send, unless its code is one of SARS-CoV-2 that names no virus: then send its LOINC code',
  },
  question: { field: 'OBX-3', reason: 'answers a question, and is no result', hint: 'nothing to send' },
  beside: {
    field: 'OBX-3',
    reason: 'tells of an amount or a sequence beside a result, and is none',
    hint: 'nothing to send',
  },
  of_specimen: {
    field: 'OBX-3',
    reason: 'tells about the specimen (it stands behind SPM), and is no result',
    hint: 'nothing to send',
  },
  heading: { field: 'OBX-3', reason: 'is a panel’s heading, without a value', hint: 'nothing to send' },
};
