/** A worker that has begun, and two people. */

import { testReported } from '#exercises/town/events.ts';
import { type Rig, rigOf } from './support.ts';

export const A = Buffer.from('aaaaaaaaaaaaaaaa');
export const B = Buffer.from('bbbbbbbbbbbbbbbb');
export const numbered = (sample: number) => testReported({ sampleId: `S${sample}` });

export async function begun(given?: Parameters<typeof rigOf>[0]): Promise<Rig> {
  const rig = rigOf(given);
  await rig.begin();
  return rig;
}
