/** What commands are told of files: where a laboratory's messages name the run. */

import { expect, it } from 'vitest';
import { parseRunField } from '#services/cli/shared/file-options.ts';

it('the field of the run is one of a result’s segments, by its number and component', () => {
  expect(parseRunField('OBR-20')).toEqual({ segment: 'OBR', field: 20, component: 1 });
  expect(parseRunField('OBX-18.2')).toEqual({ segment: 'OBX', field: 18, component: 2 });
  for (const text of ['OBR20', 'PID-3', 'OBR-0', 'OBX-18.0', 'obr-20', 'OBX-18.2.1', ''])
    expect(() => parseRunField(text)).toThrow('It is a field of OBX, OBR, SPM, ORC, MSH');
});
