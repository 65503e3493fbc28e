/** All sentences in Chinese that an import says to people. One that is missing here is said in English. */

import { DOOR } from './door.ts';
import { FHIR } from './fhir.ts';
import { HL7 } from './hl7.ts';
import { IMPORT } from './import.ts';
import { translatorOf } from './lines.ts';
import { SHEET } from './sheet.ts';

/** Null where nobody has said it in Chinese. */
export const inChinese = translatorOf([...IMPORT, ...DOOR, ...SHEET, ...HL7, ...FHIR]);
