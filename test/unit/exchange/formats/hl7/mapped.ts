/** The one event of a message, or the faults of one, by what a test changes in it. */

import { expect } from 'vitest';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import {
  faultsOf,
  map,
  message,
  type MessageParts,
  NEGATIVE_OBX,
  SETTINGS,
} from '#test/unit/exchange/formats/support.ts';

export function eventOf(changes: Partial<MessageParts> = {}, settings: MappingSettings = SETTINGS) {
  const mapped = map(message(changes), settings);
  expect(faultsOf(mapped)).toEqual([]);
  expect(mapped.events).toHaveLength(1);
  return mapped.events[0]?.event;
}
export const obx = (changes: Readonly<Record<number, string>>) => ({ ...NEGATIVE_OBX, ...changes });
export const withObx = (changes: Readonly<Record<number, string>>) => ({ obx: [obx(changes)] });
export const faults = (changes: Partial<MessageParts>, settings?: MappingSettings) =>
  faultsOf(map(message(changes), settings));
