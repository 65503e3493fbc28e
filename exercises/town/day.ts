/**
 * The simulated day: the thirty hours before now, planned as deliveries in the order of their sending. Pure and seeded.
 * The plan is small; its events become text only when they are sent.
 */

import { DAY_MS, HOUR_MS, MINUTE_MS, SHANGHAI_OFFSET_MS } from '#core/field/time.ts';
import { type Delivery, linesIn, type Pool, provinceOfDelivery } from './deliveries.ts';
import { impossibleEvents } from './impossible.ts';
import { LABORATORIES_PER_PROVINCE, SITES_PER_PROVINCE } from './lines.ts';
import { type Population, populate, type Residents } from './people.ts';
import { type Random, seededRandom, weighted } from './random.ts';
import { emptyTally, isUndated, livesOf, type Tally } from './tube.ts';

export interface DayOptions {
  readonly people: number;
  /** At least so many events that are new and possible. */
  readonly events: number;
  readonly seed: number;
  readonly nowMs: number;
  /** Deliveries written beforehand, and the provinces whose events don't count, since they'll fall silent. */
  readonly written?: readonly Delivery[];
  readonly uncounted?: readonly string[];
}

export interface Day {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly population: Population;
  readonly deliveries: readonly Delivery[];
  /** All lines that will be sent. */
  readonly lines: number;
  /** Lines among them that the intake must refuse. */
  readonly impossible: number;
  readonly tally: Tally;
}

export const DAY_HOURS = 30;

const VACCINATED = 0.15;
const STATION_PEOPLE = 40;
/** One in so many was in an area of risk lately; so many at a time come from the same one. */
const EXPOSED_EVERY = 50;
const EXPOSED_TOGETHER = 20;
const TRAVELLERS = 0.03;
const IMPOSSIBLE = 1 / 4_000;
/** One in so many is sampled every two hours, and has more samples than a view keeps. */
const OFTEN_SAMPLED_EVERY = 401;
const OFTEN_SAMPLED_HOURS = 2;
const SIZES = [10, 20, 5, 1] as const;
const anySize = weighted([70, 8, 12, 10]);
/** Shares of a day's samples by hour of the day: an evening peak after work. */
const anyHour = weighted([
  ...hours(7, 0.7),
  ...hours(2, 7.5),
  ...hours(3, 6.7),
  ...hours(2, 5),
  ...hours(3, 5),
  ...hours(4, 8.75),
  ...hours(3, 0.7),
]);

function hours(count: number, share: number): number[] {
  return Array.from({ length: count }, () => share);
}

export function planDay({ people, events, seed, nowMs, written = [], uncounted = [] }: DayOptions): Day {
  const population = populate(people);
  const plan: Plan = {
    random: seededRandom(seed),
    population,
    tally: emptyTally(),
    fromMs: nowMs - DAY_HOURS * HOUR_MS,
    nowMs,
    pools: 0,
  };
  const counted = population.residents
    .filter(({ province }) => !uncounted.includes(province))
    .reduce((sum, { count }) => sum + count, 0);
  const deliveries = population.residents.flatMap((residents, province) =>
    provinceDay(plan, province, residents, Math.ceil((events * 1.002 * residents.count) / counted)),
  );
  const impossible = impossibleEvents(Math.max(5, Math.round(events * IMPOSSIBLE)), population, plan.random, plan);
  // What is on its way at the end of the day arrives with the last.
  const sent = [...deliveries, ...impossible, ...written].map((delivery) =>
    delivery.atMs > nowMs ? { ...delivery, atMs: nowMs } : delivery,
  );
  sent.sort((a, b) => a.atMs - b.atMs);
  return {
    fromMs: plan.fromMs,
    untilMs: nowMs,
    population,
    deliveries: sent,
    lines: linesInAll(sent),
    impossible: linesInAll(impossible),
    tally: plan.tally,
  };
}

interface Plan {
  readonly random: Random;
  readonly population: Population;
  readonly tally: Tally;
  readonly fromMs: number;
  readonly nowMs: number;
  /** Tubes so far, over all provinces. */
  pools: number;
}

/** A province's deliveries: at least so many new events, and at least one of everybody who lives there. */
function provinceDay(plan: Plan, province: number, residents: Residents, wanted: number): Delivery[] {
  const deliveries: Delivery[] = [...doses(plan, province, residents), ...exposures(plan, province, residents)];
  if (residents.count === 0) return deliveries;
  const walk = walkOf(residents.count, plan.random);
  let fresh = linesInAll(deliveries);
  for (const tube of tubes(plan, province, residents, walk)) {
    if (fresh >= wanted && !walk.inFirstRound) break;
    const resentBefore = plan.tally.resent;
    const life = livesOf(tube, plan.nowMs, plan.random, plan.tally);
    fresh += linesInAll(life) - (plan.tally.resent - resentBefore);
    for (const delivery of life) deliveries.push(delivery);
  }
  return deliveries;
}

/** First those of the people who are sampled often, then of everybody in turn, without end. */
function* tubes(plan: Plan, province: number, residents: Residents, walk: Walk): Generator<Pool> {
  const { random, fromMs, nowMs } = plan;
  for (let local = 0; local < residents.count; local += OFTEN_SAMPLED_EVERY) {
    for (let hour = 0; hour < DAY_HOURS; hour += OFTEN_SAMPLED_HOURS) {
      yield tubeOf(
        plan,
        province,
        [residents.first + local],
        fromMs + hour * HOUR_MS + random.below(60) * MINUTE_MS,
        false,
      );
    }
  }
  while (true) {
    const undated = isUndated(random);
    const size = undated ? 1 : (SIZES[anySize(random)] as number);
    const isTraveller = () => !walk.inFirstRound && random.chance(TRAVELLERS);
    const people = walk
      .take(Math.min(size, residents.count))
      .map((local) => (isTraveller() ? random.below(plan.population.people) : residents.first + local));
    yield tubeOf(plan, province, [...new Set(people)], sampledAt(random, fromMs, nowMs), undated);
  }
}

function tubeOf(plan: Plan, province: number, people: readonly number[], sampledAtMs: number, undated: boolean): Pool {
  const { random } = plan;
  return {
    id: plan.pools++,
    province,
    people,
    sampledAtMs,
    undated,
    accessioned: random.chance(0.6),
    laboratory: random.below(LABORATORIES_PER_PROVINCE),
    site: random.below(SITES_PER_PROVINCE),
  };
}

function linesInAll(deliveries: readonly Delivery[]): number {
  return deliveries.reduce((sum, delivery) => sum + linesIn(delivery), 0);
}

/** Goes through a province's people again and again, so that everybody is sampled before anybody is twice. */
interface Walk {
  take(count: number): number[];
  readonly inFirstRound: boolean;
}

function walkOf(count: number, random: Random): Walk {
  const start = random.below(Math.max(1, count));
  let stride = 1 + random.below(Math.max(1, count));
  while (commonDivisor(stride, count) > 1) stride += 1;
  let taken = 0;
  return {
    take: (wanted) => Array.from({ length: wanted }, () => (start + stride * taken++) % count),
    get inFirstRound() {
      return taken < count;
    },
  };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** An instant between the two, by the hour's share; whole minutes, as the sites write them. */
function sampledAt(random: Random, fromMs: number, nowMs: number): number {
  const midnightMs = fromMs - ((fromMs + SHANGHAI_OFFSET_MS) % DAY_MS);
  for (;;) {
    const atMs = midnightMs + random.below(3) * DAY_MS + anyHour(random) * HOUR_MS + random.below(60) * MINUTE_MS;
    if (atMs >= fromMs && atMs < nowMs - 5 * MINUTE_MS) return atMs;
  }
}

/** Stations report their doses of the day and catch up on older ones, some dozens of people at a time. */
function doses({ random, fromMs, nowMs }: Plan, province: number, { first, count }: Residents): Delivery[] {
  const vaccinated = Array.from(
    { length: Math.floor(count * VACCINATED) },
    (_, index) => first + Math.floor(index / VACCINATED),
  );
  const deliveries: Delivery[] = [];
  for (let at = 0; at < vaccinated.length; at += STATION_PEOPLE) {
    deliveries.push({
      kind: 'doses',
      province,
      people: vaccinated.slice(at, at + STATION_PEOPLE),
      atMs: sampledAt(random, fromMs, nowMs),
    });
  }
  return deliveries;
}

/** What the tracers of a province found out: who was lately in which of its counties of risk. */
function exposures({ random, fromMs, nowMs, tally }: Plan, province: number, { first, count }: Residents): Delivery[] {
  const exposed = Array.from({ length: Math.ceil(count / EXPOSED_EVERY) }, (_, index) => first + index * EXPOSED_EVERY);
  const deliveries: Delivery[] = [];
  for (let at = 0; at < exposed.length; at += EXPOSED_TOGETHER) {
    const arrivedMs = fromMs - (2 + random.below(10)) * DAY_MS;
    const people = exposed.slice(at, at + EXPOSED_TOGETHER);
    deliveries.push({
      kind: 'exposures',
      province,
      people,
      county: 1 + random.below(9),
      level: random.pick(['high', 'medium', 'low']),
      fromMs: arrivedMs,
      toMs: arrivedMs + (1 + random.below(40)) * HOUR_MS,
      atMs: sampledAt(random, fromMs, nowMs),
    });
    tally.exposures += people.length;
  }
  return deliveries;
}

/** Deliveries by the code of the province that sends them. */
export function senderOf(day: Day, delivery: Delivery): string {
  return day.population.residents[provinceOfDelivery(delivery)]?.province ?? '';
}
