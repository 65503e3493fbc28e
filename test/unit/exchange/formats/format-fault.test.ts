/** A fault as a sentence for who has to mend it. */

import { expect, it } from 'vitest';
import { describeFault } from '#exchange/formats/format-fault.ts';

it('one of the whole began with a space, and one without a mend ended with none', () => {
  const fault = { field: 'OBR-22', reason: 'is missing', hint: 'send it' };
  expect(describeFault(fault)).toBe('OBR-22 is missing. To mend: send it');
  expect(describeFault({ ...fault, field: '' })).toBe('is missing. To mend: send it');
  expect(describeFault({ ...fault, hint: '' })).toBe('OBR-22 is missing');
});
