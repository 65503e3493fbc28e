/**
 * One simulated run, decided by its seed: producers write, instances of the materialiser consume, a look-up reads, and
 * everything that may go wrong does, for some seconds of the simulation's time. Then nothing goes wrong any more, and
 * all must come to what the log says.
 */

import { ViewReader } from '#exchange/view/reader.ts';
import { type Random, seededRandom } from '#exercises/town/random.ts';
import { describeError } from '#platform/errors.ts';
import { partitionOf } from '#platform/kafka/partitioner.ts';
import { LOG } from '#test/support/first-edition.ts';
import { Chaos } from './chaos.ts';
import { faultAfterwards, faultOfPartition, faultOfSnapshot, placeOf } from './checks.ts';
import { SimGroup } from './group.ts';
import { SimLog } from './log.ts';
import { MaterialiserInstance } from './materialiser-instance.ts';
import { settleSomeLetter } from './operator.ts';
import { PARTITIONS, PROVINCES, somePeople, somePoison } from './people.ts';
import { type Network, SimProcess, type Target } from './process.ts';
import { ProducerInstance } from './producers.ts';
import { rebuildAndSwitch } from './rebuild.ts';
import { SimRedis } from './redis.ts';
import { Scheduler } from './scheduler.ts';
import { stealSometimes } from './stolen.ts';
import { brew, type Storm } from './storm.ts';
import { loggerThatTells } from './told.ts';
import { Truth } from './truth.ts';
import type { Variant } from './variant.ts';
import { withdrawSometimes } from './withdrawals.ts';

const START_MS = Date.UTC(2022, 7, 12);
const CHAOS_MS = 6_000;
const DAY_MS = 86_400_000;
/** A little more than an erasure reaches. */
const A_MINUTE_MS = 61_000;
/** And days in which samples become too old. */
const LEAPS_MS = [A_MINUTE_MS, A_MINUTE_MS, 90_000, 10 * DAY_MS, 26 * DAY_MS, 26 * DAY_MS, 35 * DAY_MS];
/** Longer than any retry of the services waits, several times over. */
const SETTLE_MS_MAX = 120_000;
const SETTLED_EVERY_MS = 500;

export interface Outcome {
  /** What was wrong, or null. */
  readonly fault: string | null;
  readonly trace: readonly string[];
  /** How much happened. */
  readonly counts: Readonly<Record<string, number>>;
}

export class World implements Network {
  readonly random: Random;
  readonly scheduler = new Scheduler(START_MS);
  readonly truth = new Truth();
  readonly log: SimLog;
  readonly redis: SimRedis;
  readonly group: SimGroup;
  readonly producers: ProducerInstance[] = [];
  readonly materialisers: MaterialiserInstance[] = [];
  readonly latencyMsMax: number;
  slowProbability: number;
  faultProbability: number;
  readonly #awayUntilMs = new Map<Target, number>();
  readonly #variant: Variant;
  readonly #storm: Storm;
  readonly #trace: string[] | null;
  readonly #counts: Record<string, number> = {};
  readonly #people: readonly Buffer[];
  readonly #materialiserSettings: Pick<
    ConstructorParameters<typeof MaterialiserInstance>[0],
    'commitEventsMax' | 'queueRecordsMax' | 'fetchRecordsMax'
  >;
  #fault: string | null = null;
  #isCalm = false;
  /** How far the broker's clock has leapt ahead of the simulation's. */
  leaptMs = 0;

  /** @param storm what the run meets besides what its seed draws */
  constructor(seed: number, variant: Variant, isTraced: boolean, storm: Storm = []) {
    const random = seededRandom(seed);
    this.random = random;
    this.#variant = variant;
    this.#storm = storm;
    this.#trace = isTraced ? [] : null;
    this.log = new SimLog(PARTITIONS, () => this.clockMs);
    this.redis = new SimRedis(
      variant.commit,
      (partition) => this.#check(partition),
      (what) => this.count(what),
    );
    this.redis.onStaleRead = (back) => {
      if (this.#isCalm || !this.random.chance(0.5)) return;
      this.happens('redis goes back to where a reader stands');
      back();
    };
    this.group = new SimGroup(this.scheduler, random, PARTITIONS);
    this.latencyMsMax = random.pick([20, 200, 1_500]);
    this.slowProbability = random.pick([0.05, 0.2, 0.5]);
    this.faultProbability = random.pick([0, 0.02, 0.1]);
    this.#people = somePeople(random);
    this.#materialiserSettings = {
      commitEventsMax: random.pick([1, 2, 5, 100]),
      queueRecordsMax: random.pick([1, 4, 100]),
      fetchRecordsMax: random.pick([1, 3, 10]),
    };
  }

  async run(): Promise<Outcome> {
    this.#write();
    for (let instances = this.random.between(1, 2); instances > 0; instances -= 1) this.startMaterialiser();
    const chaos = new Chaos(this);
    chaos.plan(CHAOS_MS);
    brew(this.#storm, this, (kind) => chaos.act(kind), CHAOS_MS);
    await this.scheduler.run(START_MS + CHAOS_MS, () => this.#fault !== null);
    chaos.end();
    this.#isCalm = true;
    for (const producer of this.producers) producer.close();
    const deadlineMs = this.scheduler.nowMs + SETTLE_MS_MAX;
    let unsettled: string | null = 'nothing was looked at';
    let isRebuilt = false;
    while (this.#fault === null && unsettled !== null && this.scheduler.nowMs < deadlineMs) {
      await this.scheduler.run(this.scheduler.nowMs + SETTLED_EVERY_MS, () => this.#fault !== null);
      const isThrough = this.producers.every(({ isClosed }) => isClosed);
      unsettled = isThrough ? faultAfterwards(this, isRebuilt) : 'a producer isn’t through';
      if (unsettled !== null || this.truth.leak === null || isRebuilt) continue;
      [isRebuilt, unsettled] = [true, 'views were rebuilt'];
      for (let partition = 0; partition < PARTITIONS; partition += 1) await this.#switchGeneration(partition);
    }
    for (const { process } of this.materialisers) process.kill();
    return { fault: this.#fault ?? unsettled, trace: this.#trace ?? [], counts: this.#counts };
  }

  get clockMs(): number {
    return this.scheduler.nowMs + this.leaptMs;
  }

  isAway(target: Target): boolean {
    return (this.#awayUntilMs.get(target) ?? 0) > this.scheduler.nowMs;
  }

  takeAway(target: Target, ms: number): void {
    this.#awayUntilMs.set(target, this.scheduler.nowMs + ms);
  }

  bringAllBack(): void {
    this.#awayUntilMs.clear();
  }

  startMaterialiser(): MaterialiserInstance {
    const process = new SimProcess(`materialiser ${this.materialisers.length + 1}`, this.scheduler, this.random, this);
    this.happens('starts', `${process.name} `);
    const instance = new MaterialiserInstance({
      ...this.#materialiserSettings,
      process,
      log: this.log,
      redis: this.redis,
      group: this.group,
      random: this.random,
      partitions: PARTITIONS,
      variant: this.#variant,
      logger: loggerThatTells(
        process.name,
        (what) => this.count(what),
        this.#trace === null ? null : (what) => this.note(what),
      ),
      onFatal: (error) => this.#fail(`${process.name} ended: ${describeError(error)}`),
      onExit: () => this.scheduler.after(500, () => this.startMaterialiser()),
    });
    this.materialisers.push(instance);
    return instance;
  }

  /** Something of a kind happens, to somebody. */
  happens(kind: string, details = ''): void {
    this.count(kind);
    if (this.#trace !== null) this.note(`${details}${kind}`);
  }

  /** One line of what happens, kept only when the run is traced. */
  note(what: string): void {
    this.#trace?.push(`${String(this.scheduler.nowMs - START_MS).padStart(6)} ms  ${what}`);
  }

  count(what: string): void {
    this.#counts[what] = (this.#counts[what] ?? 0) + 1;
  }

  #fail(fault: string): void {
    if (this.#fault === null) this.note(`WRONG: ${fault}`);
    this.#fault ??= fault;
  }

  #check(partition: number): void {
    if (this.#trace !== null) this.note(`partition ${partition} is stored at ${placeOf(this.redis, partition)}`);
    const fault = faultOfPartition(this, partition);
    if (fault !== null) this.#fail(fault);
  }

  /** Instances, events, poison, control records and look-ups, each at its time. */
  #write(): void {
    const { random, scheduler } = this;
    const registers = random.pick([2, 3, 12]);
    const open = (name: string): void => {
      this.note(`${name} is registered`);
      const province = PROVINCES.find((code) => name.startsWith(code)) ?? PROVINCES[0];
      this.producers.push(
        new ProducerInstance(this, province, name, random.chance(0.3) ? 'newer' : 'current', registers),
      );
    };
    open('43-a');
    open('44-a');
    if (random.chance(0.5)) scheduler.after(random.below(CHAOS_MS), () => open('43-b'));
    const sometime = (run: () => void): void => scheduler.after(random.below(CHAOS_MS), run);
    for (let events = random.between(8, 30); events > 0; events -= 1) sometime(() => this.event());
    for (let records = random.below(16); records > 0; records -= 1) sometime(() => this.poison());
    for (let records = random.below(5); records > 0; records -= 1)
      sometime(() => this.log.appendControl(random.pick(LOG.topics), random.below(PARTITIONS)));
    for (let erasures = random.chance(0.5) ? random.between(1, 8) : 0; erasures > 0; erasures -= 1)
      sometime(() => this.erase());
    for (let repeats = random.below(4); repeats > 0; repeats -= 1)
      sometime(() => {
        this.happens('an event is written again');
        random.pick(this.producers).repeat();
      });
    for (let leaps = random.chance(0.5) ? random.between(1, 3) : 0; leaps > 0; leaps -= 1)
      sometime(() => this.leap(random.pick(LEAPS_MS)));
    for (let settlements = random.below(5); settlements > 0; settlements -= 1) sometime(() => this.#settle());
    for (let switches = random.chance(0.2) ? random.between(1, 2) : 0; switches > 0; switches -= 1)
      sometime(() => void this.#switchGeneration());
    for (let successions = random.chance(0.4) ? random.between(1, 3) : 0; successions > 0; successions -= 1)
      sometime(() => this.succeed());
    withdrawSometimes(this, sometime);
    stealSometimes(this, this.#people, sometime);
    for (let lookups = 8; lookups > 0; lookups -= 1) sometime(() => void this.#lookUp(random.pick(this.#people)));
  }

  poison(): void {
    const key = this.random.pick(this.#people);
    const claim = this.random.pick(this.producers).someClaim('tests', partitionOf(key, PARTITIONS));
    const { appended, ...poison } = somePoison(this.random, key, this.clockMs, claim);
    const { topic, partition, reason } = poison;
    const { offset } = this.log.append(topic, partition, appended);
    this.happens(reason, `${topic}/${partition}/${offset} can’t be read: `);
    const isStray = reason === 'no_person_key' || reason === 'wrong_partition' || reason === 'bad_tag';
    const person = isStray ? null : key.toString('latin1');
    this.truth.note({ ...poison, offset, person, event: null, settles: null });
  }

  event(): void {
    this.#open()?.take(this.random.pick(this.#people));
  }

  erase(): void {
    const producer = this.#open();
    if (producer === null) return;
    this.happens('somebody is erased');
    producer.take(this.random.pick(this.#people), 'erasure');
  }

  /** Another process takes an instance up while the former one still writes. */
  succeed(): void {
    const former = this.#open();
    if (former === null || this.#isCalm) return;
    this.happens('another process takes an instance up', `${former.name}: `);
    former.giveUp((successor) => {
      this.producers[this.producers.indexOf(former)] = successor;
      if (this.#isCalm) successor.close();
    });
  }

  /** One that takes events; null: all are being taken up by other processes. */
  #open(): ProducerInstance | null {
    const open = this.producers.filter(({ isOpen }) => isOpen);
    return open.length === 0 ? null : this.random.pick(open);
  }

  /** An erasure is in the log before its reach has passed, as it is when a minute passes by itself. */
  leap(ms: number = A_MINUTE_MS): void {
    if (this.producers.some(({ isErasing }) => isErasing)) return this.scheduler.after(50, () => this.leap(ms));
    this.happens(`the clock leaps by ${ms < DAY_MS ? 'a minute' : 'days'}`);
    this.leaptMs += ms;
  }

  #settle(): void {
    const [done, what] = settleSomeLetter(this)?.split(': ') ?? [];
    if (done !== undefined) this.happens(done, `${what}: `);
  }

  async #switchGeneration(partition = this.random.below(PARTITIONS)): Promise<void> {
    const outcome = await rebuildAndSwitch(this, partition);
    if (outcome === 'switched') this.happens('a rebuilt generation becomes live', `partition ${partition}: `);
    else if (outcome !== null) this.#fail(`partition ${partition} could not be switched: ${outcome}`);
  }

  async #lookUp(key: Buffer): Promise<void> {
    this.count('look-ups');
    const snapshot = await new ViewReader(this.redis.atOnce(), LOG, PARTITIONS).read(key);
    const fault = faultOfSnapshot(this.truth, key.toString('latin1'), snapshot);
    if (fault !== null) this.#fail(fault);
  }
}
