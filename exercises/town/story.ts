/**
 * The scripted people of the demo: what happened to them, as events of the same stream, and what a gate asks about
 * them. Their numbers are well formed and belong to the district's serial 999, which the simulated crowd never uses.
 */

import { residentCheckDigit } from '#core/field/identity.ts';
import { type ProvinceCode, PROVINCE_CODES } from '#core/field/regions.ts';
import { formatTime, HOUR_MS, MINUTE_MS } from '#core/field/time.ts';
import type { WrittenDelivery } from './deliveries.ts';
import type { Document } from './people.ts';

export const SILENT_PROVINCE: ProvinceCode = '63';

export type QuestionId =
  | 'one_look'
  | 'across_provinces'
  | 'sampling_record'
  | 'corrected'
  | 'paper'
  | 'nothing_yet'
  | 'silent';

export interface Question {
  readonly id: QuestionId;
  readonly title: string;
  /** What the reader knows and the gate doesn't. */
  readonly story: string;
  readonly person: Document;
  readonly destination: ProvinceCode;
  readonly purpose: string;
  readonly presented?: readonly unknown[];
  readonly expected: 'recognised' | 'not_recognised' | 'no_evidence' | 'undetermined';
  /** What the same answer must show of everything else on record, and the demo prints. */
  readonly standing?: { readonly codes: number; readonly exposures: number; readonly doses: number };
  /** Why this is the right answer. */
  readonly because: string;
}

export interface Story {
  readonly written: readonly WrittenDelivery[];
  /** Asked while every province is up to date. */
  readonly whileFresh: readonly Question[];
  /** Asked once one province has fallen silent for longer than its bound. */
  readonly onceSilent: readonly Question[];
}

/** Nobody of the crowd has such a number. */
export function resident(district: string, birthday: string): Document {
  const first17 = `${district}${birthday}999`;
  return { documentType: 'resident_identity_card', documentNumber: first17 + residentCheckDigit(first17) };
}

const HUNAN = resident('430102', '19870312');
const ZHEJIANG = resident('330106', '19950721');
const SICHUAN = resident('510107', '19790104');
const GUIZHOU = resident('520102', '19661118');
const CHONGQING = resident('500103', '19830626');
const QINGHAI = resident('630102', '19910809');

export function tellStory(nowMs: number): Story {
  const ago = (hours: number) => nowMs - hours * HOUR_MS;
  const report = (
    person: Document,
    province: ProvinceCode,
    given: { sampled: number; issued: number; status?: string; result?: string },
  ) =>
    line({
      type: 'TestReported',
      person,
      province,
      laboratory: 'story',
      sampleId: 'S1',
      status: given.status ?? 'final',
      method: 'nucleic_acid',
      poolSize: 10,
      sampledAt: formatTime(ago(given.sampled)),
      testedAt: formatTime(ago(given.issued) - 30 * MINUTE_MS),
      reportIssuedAt: formatTime(ago(given.issued)),
      result: given.result ?? 'negative',
    });
  const sampling = (person: Document, province: ProvinceCode, sampled: number) =>
    line({
      type: 'SamplingRecorded',
      person,
      province,
      site: `${province}-P1`,
      sampleId: 'S1',
      sampledAt: formatTime(ago(sampled)),
    });
  const dose = (person: Document, province: ProvinceCode, doseNumber: number, givenAt: string) =>
    line({
      type: 'VaccinationAdministered',
      person,
      province,
      doseId: `V-story-${doseNumber}`,
      product: 'CoronaVac',
      manufacturer: 'Sinovac',
      doseNumber,
      givenAt,
    });
  const stay = (
    person: Document,
    province: ProvinceCode,
    given: { riskArea: string; level: string; from: number; to: number },
  ) =>
    line({
      type: 'ExposureRecorded',
      person,
      province,
      exposureId: 'E-story',
      ...given,
      from: formatTime(ago(given.from)),
      to: formatTime(ago(given.to)),
    });
  const code = (person: Document, province: ProvinceCode, hours: number, given: object) =>
    line({ type: 'CodeAssigned', person, province, assignedAt: formatTime(ago(hours)), ...given });
  const sent = (province: ProvinceCode, hours: number, ...lines: string[]): WrittenDelivery => ({
    kind: 'written',
    province: PROVINCE_CODES.indexOf(province),
    atMs: ago(hours),
    lines,
  });

  return {
    written: [
      sent('43', 27, sampling(HUNAN, '43', 27.1)),
      sent('43', 20, report(HUNAN, '43', { sampled: 27.1, issued: 20.1 })),
      sent('33', 19, sampling(ZHEJIANG, '33', 19.1)),
      sent('51', 24, report(SICHUAN, '51', { sampled: 29, issued: 24.1 })),
      sent('51', 19.5, report(SICHUAN, '51', { sampled: 29, issued: 19.6, status: 'corrected', result: 'positive' })),
      sent('50', 29, dose(CHONGQING, '50', 1, '2021-05-08'), dose(CHONGQING, '50', 2, '2021-06-05')),
      sent('46', 28.5, stay(CHONGQING, '46', { riskArea: '460204', level: 'high', from: 9 * 24, to: 6 * 24 })),
      sent(
        '46',
        28,
        code(CHONGQING, '46', 28.2, {
          decisionId: 'K-story-1',
          state: 'red',
          reason: 'exposure',
          authority: '三亚市疾病预防控制中心',
          legalBasis: '琼赋码规则第三条',
          expiresAt: formatTime(ago(28.2 - 7 * 24)),
          appealContact: '0898-12345',
        }),
      ),
      sent(
        '45',
        24,
        code(CHONGQING, '45', 24.1, {
          decisionId: 'K-story-2',
          state: 'yellow',
          reason: 'test_due',
          authority: '桂林市疾病预防控制中心',
          legalBasis: '桂定码规则B3',
          expiresAt: formatTime(ago(24.1 - 5 * 24)),
          appealContact: '0773-12345',
        }),
      ),
      sent('50', 22, report(CHONGQING, '50', { sampled: 27, issued: 22.1 })),
      sent(
        '46',
        19,
        code(CHONGQING, '46', 19.1, { decisionId: 'K-story-3', state: 'green', reason: 'conditions_met' }),
      ),
      sent('63', 4, sampling(QINGHAI, '63', 9)),
      sent('63', 3, report(QINGHAI, '63', { sampled: 9, issued: 3.1 })),
    ],
    whileFresh: [
      {
        id: 'across_provinces',
        title: 'Tested in Hunan, at a gate in Guangdong',
        story: 'Sampled in Changsha, negative; Guangdong’s own records hold nothing.',
        person: HUNAN,
        destination: '44',
        purpose: 'entry',
        expected: 'recognised',
        because: 'a result counts wherever it was made',
      },
      {
        id: 'sampling_record',
        title: 'A sampling record from Zhejiang, in Shanghai',
        story: 'Sampled in Hangzhou; the laboratory has not reported yet.',
        person: ZHEJIANG,
        destination: '31',
        purpose: 'public_place',
        expected: 'recognised',
        because: 'Shanghai takes sampling records of the Yangtze delta for 24 hours',
      },
      {
        id: 'corrected',
        title: 'A corrected result',
        story: 'Sichuan reported negative, then corrected it to positive.',
        person: SICHUAN,
        destination: '11',
        purpose: 'entry',
        expected: 'not_recognised',
        because:
          'the correction replaces the negative; asked while no province is behind, so that the “no” can be plain',
      },
      {
        id: 'paper',
        title: 'A result on paper that the exchange doesn’t know',
        story: 'A hospital in Guizhou reported on paper only.',
        person: GUIZHOU,
        destination: '31',
        purpose: 'public_place',
        presented: [
          {
            kind: 'result',
            channel: 'paper',
            province: '52',
            laboratory: '贵州省人民医院',
            method: 'nucleic_acid',
            result: 'negative',
            sampledAt: formatTime(ago(20)),
            reportIssuedAt: formatTime(ago(10)),
          },
        ],
        expected: 'recognised',
        because: 'paper has equal effect; the answer says that nobody verified it',
      },
      {
        id: 'nothing_yet',
        title: 'A traveller from Qinghai, before Qinghai falls silent',
        story: 'Nothing has been reported about this person yet.',
        person: QINGHAI,
        destination: '44',
        purpose: 'entry',
        expected: 'no_evidence',
        because: 'all 32 provinces are up to date: “no test” is known to be true',
      },
      {
        id: 'one_look',
        title: 'One answer that shows everything on record',
        story: 'Back from Sanya: Hainan’s red code was cleared again, Guangxi’s yellow one still stands.',
        person: CHONGQING,
        destination: '44',
        purpose: 'entry',
        expected: 'recognised',
        standing: { codes: 2, exposures: 1, doses: 2 },
        because:
          'Guangdong’s rule asks for a test; codes are shown with why, by whom and who alone clears ' +
          'them, and nothing was self-reported',
      },
    ],
    onceSilent: [
      {
        id: 'silent',
        title: 'The same traveller, after Qinghai has fallen silent',
        story: 'Tested negative meanwhile; the result waits in Qinghai, whose producer is down.',
        person: QINGHAI,
        destination: '44',
        purpose: 'entry',
        expected: 'undetermined',
        because: '“no test” can’t be told from “that province is behind” any more, and the answer says so',
      },
      {
        id: 'across_provinces',
        title: 'The traveller from Hunan again',
        story: 'Qinghai’s silence is not held against anyone whose evidence is there.',
        person: HUNAN,
        destination: '44',
        purpose: 'entry',
        expected: 'recognised',
        because: 'what a silent province might know takes no evidence away that is there',
      },
    ],
  };
}

function line(event: object): string {
  return JSON.stringify(event);
}
