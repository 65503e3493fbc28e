/**
 * A delivery's lines, NDJSON as the intake takes it. Written by hand rather than by JSON.stringify, since half a
 * million of them should cost the demo seconds, not the exchange's share of the machine.
 */

import { PROVINCES, type ProvinceCode } from '#core/field/regions.ts';
import { DAY_MS, formatDay, formatTime, MINUTE_MS, shanghaiDayOf } from '#core/field/time.ts';
import {
  type CodeDelivery,
  type Delivery,
  dosesOf,
  type ExposureDelivery,
  type Pool,
  type ReportDelivery,
} from './deliveries.ts';
import type { Population } from './people.ts';

/** As each laboratory is named in its province; the second of each pair reports as it finishes, the first in steps. */
const LABORATORIES = [
  '疾病预防控制中心',
  '金域医学检验所',
  '人民医院检验科',
  '迪安医学检验所',
  '华大火眼实验室',
  '中医院检验科',
] as const;
export const LABORATORIES_PER_PROVINCE = LABORATORIES.length;
export const SITES_PER_PROVINCE = 40;

/** By weight of the doses given; the schedules differ, the brands' shares are an assumption. */
const PRODUCTS = [
  ['CoronaVac', 'Sinovac'],
  ['BBIBP-CorV', 'Sinopharm Beijing'],
  ['CoronaVac', 'Sinovac'],
  ['BBIBP-CorV', 'Sinopharm Beijing'],
  ['WIBP-CorV', 'Sinopharm Wuhan'],
  ['ZF2001', 'Anhui Zhifei'],
] as const;
const FIRST_DOSES_MS = Date.UTC(2021, 3, 1);

export function linesOf(delivery: Delivery, population: Population): string[] {
  switch (delivery.kind) {
    case 'samplings':
      return samplingLines(delivery.pool, population);
    case 'reports':
      return reportLines(delivery, population);
    case 'doses':
      return delivery.people.flatMap((person) => doseLines(codeAt(population, delivery.province), person, population));
    case 'codes':
      return codeLines(delivery, population);
    case 'exposures':
      return exposureLines(delivery, population);
    case 'written':
      return [...delivery.lines];
  }
}

function codeAt(population: Population, index: number): ProvinceCode {
  return population.residents[index]?.province as ProvinceCode;
}

/** Sample numbers start again in every laboratory, so several laboratories use the same ones. */
function tubeId({ id }: Pool): string {
  return `T${id % 20_000}`;
}

function samplingLines(pool: Pool, population: Population): string[] {
  const province = codeAt(population, pool.province);
  const tube = tubeId(pool);
  const sampledAt = formatTime(pool.sampledAtMs);
  const recordedAt = formatTime(pool.sampledAtMs + MINUTE_MS);
  return pool.people.map(
    (person, member) =>
      `{"type":"SamplingRecorded","person":${population.personJson(person)},"province":"${province}",` +
      `"site":"${province}-P${pool.site}","sampleId":"${tube}-${member}","tubeId":"${tube}",` +
      `"sampledAt":"${sampledAt}","recordedAt":"${recordedAt}"}`,
  );
}

function reportLines(
  { pool, status, issuedAtMs, result, member, sampledAtMs = pool.sampledAtMs }: ReportDelivery,
  population: Population,
): string[] {
  const province = codeAt(population, pool.province);
  const laboratory = `${PROVINCE_NAMES[pool.province]}${LABORATORIES[pool.laboratory % LABORATORIES.length]}`;
  const tube = tubeId(pool);
  const dated = pool.undated
    ? `"sampledAt":null,${pool.accessioned ? `"accessionedOn":"${formatDay(shanghaiDayOf(pool.sampledAtMs))}",` : ''}`
    : `"sampledAt":"${formatTime(sampledAtMs)}",`;
  const testedAt = formatTime(Math.max(sampledAtMs + 10 * MINUTE_MS, issuedAtMs - 45 * MINUTE_MS));
  const head =
    `{"type":"TestReported","province":"${province}","laboratory":"${laboratory}","tubeId":"${tube}",` +
    `"status":"${status}","method":"nucleic_acid","specimen":"oropharyngeal_swab","poolSize":${pool.people.length},` +
    `${dated}"testedAt":"${testedAt}","reportIssuedAt":"${formatTime(issuedAtMs)}","result":"${result}",` +
    `"sampleId":"${tube}-`;
  const members = member === null ? pool.people.keys() : [member];
  return Array.from(
    members,
    (index) => `${head}${index}","person":${population.personJson(pool.people[index] as number)}}`,
  );
}

const PROVINCE_NAMES = PROVINCES.map(({ nameZh }) => nameZh);

function doseLines(province: ProvinceCode, person: number, population: Population): string[] {
  const [product, manufacturer] = PRODUCTS[person % PRODUCTS.length] as (typeof PRODUCTS)[number];
  const doses = dosesOf(person);
  return Array.from({ length: doses }, (_, index) => {
    const givenAt = formatDay(Math.floor((FIRST_DOSES_MS + ((person * 13) % 200) * DAY_MS) / DAY_MS) + index * 35);
    return (
      `{"type":"VaccinationAdministered","person":${population.personJson(person)},"province":"${province}",` +
      `"doseId":"V${person}-${index + 1}","product":"${product}","manufacturer":"${manufacturer}",` +
      `"doseNumber":${index + 1},"givenAt":"${givenAt}"}`
    );
  });
}

/** Why, and for how many days; green needs no grounds and has no end. */
const GROUNDS = {
  yellow: { reason: 'positive_pool', days: 3 },
  red: { reason: 'abnormal_result', days: 14 },
  green: { reason: 'conditions_met', days: null },
} as const;

function codeLines({ pool, state, assignedAtMs, members }: CodeDelivery, population: Population): string[] {
  const { reason, days } = GROUNDS[state];
  const expires =
    days === null ? '' : `"expiresAt":"${formatTime(assignedAtMs + days * DAY_MS)}","appealContact":"12345",`;
  const head =
    `{"type":"CodeAssigned","province":"${codeAt(population, pool.province)}","state":"${state}",` +
    `"reason":"${reason}","authority":"${PROVINCE_NAMES[pool.province]}疾病预防控制中心",` +
    `"legalBasis":"健康码赋码规则第五条",${expires}"assignedAt":"${formatTime(assignedAtMs)}",` +
    `"decisionId":"K${pool.id}-`;
  return members.map(
    (index) => `${head}${index}-${state}","person":${population.personJson(pool.people[index] as number)}}`,
  );
}

function exposureLines(
  { province, people, county, level, fromMs, toMs }: ExposureDelivery,
  population: Population,
): string[] {
  const code = codeAt(population, province);
  const area = code === '66' ? '659001' : `${code}010${county}`;
  const head =
    `{"type":"ExposureRecorded","province":"${code}","riskArea":"${area}","level":"${level}",` +
    `"from":"${formatTime(fromMs)}","to":"${formatTime(toMs)}","exposureId":"E`;
  return people.map((person) => `${head}${person}","person":${population.personJson(person)}}`);
}
