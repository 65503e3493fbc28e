/**
 * Which results leave a document: of each report at most one a sample, as of an HL7 message; of several reports on one
 * sample each, where they are versions of one test, issued one after the other. Where they aren't, and don't agree,
 * none is sent and a person decides.
 */

import { type Candidate, type Chosen, onePerSample, sharedSamplesIn } from '#exchange/formats/one-per-sample.ts';
import { msOf } from '#exchange/formats/times-in-order.ts';
import { OF_ONE_SAMPLE } from './refusals.ts';

/** @param reports what each of them says */
export function chooseAmong(reports: readonly (readonly Candidate[])[]): Chosen {
  const chosen = reports.map((ofReport) => onePerSample(ofReport, OF_ONE_SAMPLE));
  const all = chosen.flatMap(({ kept }) => kept);
  const shared = sharedSamplesIn(all);
  const isShared = new Set(shared.map(({ within }) => within));
  const ofSamples = Map.groupBy(
    all.filter(({ within }) => !isShared.has(within)),
    ({ event }) => JSON.stringify([event.person, event.sampleId]),
  );
  const settled = [...ofSamples.values()].map((kept) =>
    areVersions(kept) ? { kept, refused: [], ignored: [] } : onePerSample(kept, OF_ONE_SAMPLE),
  );
  const told = [...chosen, ...settled];
  return {
    kept: settled.flatMap(({ kept }) => kept),
    refused: [...shared, ...told.flatMap(({ refused }) => refused)],
    ignored: told.flatMap(({ ignored }) => ignored),
  };
}

function areVersions(candidates: readonly Candidate[]): boolean {
  const tests = new Set(candidates.map(({ event }) => `${event.method} ${msOf(event.sampledAt ?? '')}`));
  const issues = new Set(candidates.map(({ event }) => msOf(event.reportIssuedAt)));
  return tests.size === 1 && issues.size === candidates.length;
}
