/**
 * `hutong contract test`: reads a sample, judges it, asks a door where one is meant, and prints what is to be mended.
 * It sends nothing that a door would keep.
 */

import type { PolicyBook } from '#core/book/policy-book.ts';
import type { ProvinceCode } from '#core/field/regions.ts';
import { shanghaiDayOf } from '#core/field/time.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import { provincePrincipal } from '#exchange/identity/principals.ts';
import type { Format } from '#exchange/readers/readers.ts';
import type { HttpAccess } from '#platform/fetch-as.ts';
import type { TlsFiles } from '#platform/tls.ts';
import type { ClientOfExchange } from '#services/cli/shared/as.ts';
import { EXIT } from '#services/cli/shared/exit.ts';
import { tryOpen, WHOLE } from '#services/cli/shared/items.ts';
import type { Print } from '#services/cli/shared/print.ts';
import { type AtDoor, SampleAtDoor } from './at-door.ts';
import { CountsSomewhere } from './counts-somewhere.ts';
import { Findings } from './findings.ts';
import { certificateFound, tokenFound } from './identity.ts';
import { printTested, testedJson } from './print.ts';
import { readTwice, SAMPLE_EVENTS_MAX } from './readings.ts';
import { schemasFound } from './registered.ts';
import { Sample } from './sample.ts';
import { foundOfFormat } from './steps.ts';
import { notAsked, readsOtherwise, tooLarge } from './words.ts';

export interface ContractSettings {
  readonly province: ProvinceCode;
  readonly files: readonly string[];
  /** Null: by each file's content. */
  readonly format: Format | null;
  readonly mapping: MappingSettings;
  /** The rules that results are held against. */
  readonly rules: () => Promise<PolicyBook>;
  readonly clockSkewMs: number;
  /** Null: no exchange is asked. */
  readonly live: LiveSettings | null;
  readonly asJson: boolean;
}

export interface LiveSettings {
  readonly door: string;
  readonly client: Pick<ClientOfExchange, 'token' | 'fetch'>;
  readonly runDir: string;
  readonly tls: TlsFiles;
  readonly dueDays: number;
  /** Null: nobody has named it. */
  readonly registry: HttpAccess | null;
}

/** @returns the exit status. @throws HutongError POLICY_INVALID where the rules can't be read */
export async function testContract(settings: ContractSettings, nowMs: number, print: Print): Promise<number> {
  const { province, files, live } = settings;
  const findings = new Findings(shanghaiDayOf(nowMs));
  const counts = new CountsSomewhere(await settings.rules());
  const sample = new Sample({ province, nowMs, clockSkewMs: settings.clockSkewMs, counts, findings });
  const entry = live === null ? null : await enter(province, live, findings, nowMs);
  for (const file of files) await readFile(file, settings, sample, findings, entry?.door ?? null);
  sample.finish();
  if (counts.unasked > 0) findings.add(notAsked(counts.unasked));
  const said = entry === null ? null : ((await entry.door?.finish()) ?? { ...NOBODY_ASKED, away: entry.away });
  const door = said === null || live === null ? null : { ...said, url: live.door };
  const tested = { province, files, sample, findings, door };
  if (settings.asJson) print(testedJson(tested));
  else printTested(tested, print);
  if (door !== null && door.away !== null) return EXIT.doorAway;
  return findings.isClean ? EXIT.ok : EXIT.failed;
}

const NOBODY_ASKED: Omit<AtDoor, 'away'> = { acceptable: 0, refused: 0 };

/** As the province. @returns the door only where it lets the province in */
async function enter(
  province: ProvinceCode,
  live: LiveSettings,
  findings: Findings,
  nowMs: number,
): Promise<{ readonly door: SampleAtDoor | null; readonly away: string | null }> {
  const principal = provincePrincipal(province);
  const certificate = certificateFound({ principal, nowMs, ...live });
  if (certificate !== null) findings.add(certificate);
  const schemas = await schemasFound(live.registry);
  if (schemas !== null) findings.add(schemas);
  const token = await tokenFound(principal, live.client.token);
  if (token !== null) {
    findings.add(token);
    return { door: null, away: null };
  }
  const door = new SampleAtDoor({ url: live.door, ...live.client, findings });
  const { known, away } = await door.isKnown();
  return { door: known ? door : null, away };
}

async function readFile(
  file: string,
  { format, mapping }: ContractSettings,
  sample: Sample,
  findings: Findings,
  door: SampleAtDoor | null,
): Promise<void> {
  const whole = { file, at: WHOLE, within: '' };
  const opened = await tryOpen(file);
  if (opened.input === null) return findings.add(foundOfFormat(opened.fault), whole);
  const { isSame, isMore } = await readTwice(opened.input, { format, mapping }, async (item) => {
    const event = sample.take(item, file);
    if (event !== null) await door?.add(event);
  });
  if (isMore) findings.add(tooLarge(SAMPLE_EVENTS_MAX), whole);
  if (!isSame) findings.add(readsOtherwise(), whole);
}
