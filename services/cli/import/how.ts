/**
 * By what an import reads its files: the profile of the identity that sends, as at every door, or what the command line
 * says where it has none. The two must never be mixed, lest a file mean one thing here and another at the door.
 */

import type { ProvinceCode } from '#core/field/regions.ts';
import { describeFault } from '#exchange/formats/format-fault.ts';
import type { SenderProfile } from '#exchange/readers/sender-profile.ts';
import { SenderProfiles } from '#exchange/readers/sender-profiles.ts';
import { readConfig } from '#platform/config.ts';
import { mappingOf } from '#services/cli/shared/file-options.ts';
import { readMappingFile } from './mapping-file.ts';
import type { HowRead } from './opening.ts';
import { type ImportOptions, UsageError } from './options.ts';

/** What a profile says, by the flag that would say it too. */
const OF_PROFILE = [
  'mapping',
  'documentType',
  'issuingCountry',
  'timeZone',
  'laboratory',
  'runFrom',
  'testCode',
  'training',
] as const;

/** As whom the files are sent; undefined: nobody was named. */
export function senderOf({ as }: ImportOptions, province: ProvinceCode | undefined): string | undefined {
  return as ?? (province === undefined ? undefined : `province-${province}`);
}

/** @throws UsageError */
export async function howToRead(options: ImportOptions): Promise<HowRead> {
  const sender = senderOf(options, options.province);
  const profile = sender === undefined ? null : await new SenderProfiles(readConfig().sendersDir).of(sender);
  if (profile?.ok === false) throw new UsageError(`the profile of ${sender}: ${describeFault(profile.fault)}`);
  return profile === null ? byFlags(options) : byProfile(sender as string, profile.value, options);
}

function byProfile(sender: string, { settings, sheet }: SenderProfile, options: ImportOptions): HowRead {
  const also = OF_PROFILE.filter((flag) => options.written.has(flag));
  if (also.length > 0)
    throw new UsageError(`${sender} has a profile, which says what its files mean: leave out ${also.join(', ')}`);
  if (options.province !== undefined && options.province !== settings.province)
    throw new UsageError(`--province is ${options.province}, but the profile of ${sender} is of ${settings.province}`);
  return {
    format: options.format ?? null,
    mapping: settings,
    ...(sheet === null ? {} : { sheet, sheetsAre: 'of no other format' }),
  };
}

async function byFlags(options: ImportOptions): Promise<HowRead> {
  const sheet = options.mapping === undefined ? undefined : await readMappingFile(options.mapping);
  const province = options.province ?? sheet?.province;
  if (sheet !== undefined && province !== sheet.province)
    throw new UsageError(`--province is ${province}, but the mapping is of ${sheet.province}`);
  return {
    format: options.format ?? null,
    mapping: province === undefined ? null : mappingOf(province, options),
    sheet,
  };
}
