/**
 * The demo, step by step: start, stream, ask, fall silent, compare, load. Each step says what it shows and adds its
 * checks; nothing here decides an answer or reads a view in place of the services.
 */

import { PROVINCE_CODES, provinceOf } from '#core/field/regions.ts';
import { SECOND_MS } from '#core/field/time.ts';
import { DAY_HOURS } from '#exercises/town/day.ts';
import type { FeedResult } from '#exercises/town/feed-protocol.ts';
import { Feed } from '#exercises/town/feed.ts';
import { type Asked, askUntilExpected } from '#exercises/town/gate.ts';
import { loadLookup } from '#exercises/town/load.ts';
import { ExchangeProbe } from '#exercises/town/probe.ts';
import { RULES_AS_OF, publishRulesOfADay } from '#exercises/town/rules.ts';
import { type Question, SILENT_PROVINCE, type Story, tellStory } from '#exercises/town/story.ts';
import { describeWitnesses, witnessesOf } from '#exercises/town/witnesses.ts';
import { metricsOf } from '#infra/stack/metrics.ts';
import type { Stack } from '#infra/stack/stack.ts';
import { certifiedClientsOf, tokenOf } from '#infra/stack/tokens.ts';
import { readConfig } from '#platform/config.ts';
import { compareViews } from './compare.ts';
import { importHl7 } from './hl7-feed.ts';
import { bucketsOf, quantileOf, sumBuckets } from './latency.ts';
import { check, count, fact, heading, latency, say, seconds } from './print.ts';
import { Progress } from './progress.ts';
import type { DemoSettings } from './settings.ts';
import { showAnswer } from './show-answer.ts';
import type { Check, Figures } from './summary.ts';

/** Of the rules that the questions are judged by. */
const FRESHNESS_BOUND_MS = 30 * SECOND_MS;
const DRAIN_MS_MAX = 60 * SECOND_MS;
const ANSWER_MS_MAX = 20 * SECOND_MS;
/** How much of the simulated day has passed when the questions are asked. */
const QUESTIONS_AT = 0.42;
const HL7_PROVINCE = '46';

export const PRODUCERS = {
  main: PROVINCE_CODES.filter((code) => code !== SILENT_PROVINCE),
  silent: [SILENT_PROVINCE],
} as const;
export const SILENT_PRODUCER = 'qinghai';

export class DemoRun {
  readonly #stack: Stack;
  readonly #settings: DemoSettings;
  readonly #nowMs: number;
  readonly #story: Story;
  readonly figures: Partial<Figures> = {};
  readonly checks: Check[] = [];
  readonly answers: Asked[] = [];
  happened: Readonly<Record<string, number>> = {};
  readonly #closing: (() => Promise<void>)[] = [];
  #silentSinceMs = 0;

  constructor(stack: Stack, settings: DemoSettings, nowMs: number) {
    this.#stack = stack;
    this.#settings = settings;
    this.#nowMs = nowMs;
    this.#story = tellStory(nowMs);
  }

  async run(): Promise<void> {
    const probe = await ExchangeProbe.connect({
      config: readConfig({ ...this.#stack.serviceEnv }),
      provinces: PROVINCE_CODES,
      boundMs: FRESHNESS_BOUND_MS,
    });
    await publishRulesOfADay(this.#stack.runDir);
    fact('Rules', `as of ${RULES_AS_OF}, by hutong policy publish --as-of; every answer says so`);
    const feed = this.#startFeed();
    this.#closing.push(
      () => feed.stop(),
      () => probe.close(),
    );
    const result = await this.#stream(feed, probe);
    await this.#drain(probe, result);
    await this.#compare(result);
    await this.#askOnceSilent(probe);
    await this.#load(probe);
  }

  /** Ends what still runs of it, in whatever state it is. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#closing.map((close) => close()));
  }

  #startFeed(): Feed {
    const { intakes } = this.#stack.addresses;
    const doors = { default: intakes['main'] ?? '', byProvince: { [SILENT_PROVINCE]: intakes[SILENT_PRODUCER] ?? '' } };
    const clients = certifiedClientsOf(this.#stack);
    return new Feed({ ...this.#settings, holdAt: QUESTIONS_AT, nowMs: this.#nowMs, clients, doors });
  }

  async #stream(feed: Feed, probe: ExchangeProbe): Promise<FeedResult> {
    heading(
      `A day of ${count(this.#settings.people)} people, ${DAY_HOURS} hours in about ` +
        `${this.#settings.streamSeconds.toFixed(0)} s`,
    );
    const progress = new Progress(feed, probe, PROVINCE_CODES.length);
    // Only a failure ends the waiting early.
    const failed = feed.done.then(() => new Promise<never>(() => {}));
    const importing = this.#importHl7();
    importing.catch(() => {}); // awaited below, unless the feed fails first
    await Promise.race([progress.showUntil(() => feed.counts.held || feed.finished), failed]);
    (await importing)();
    await this.#askWhileFresh();
    await this.#silence(feed);
    await Promise.race([progress.showUntil(() => feed.finished), failed]);
    const result = await feed.done;
    this.happened = result.tally;
    Object.assign(this.figures, {
      people: this.#settings.people,
      eventsSent: result.sent + result.heldBack,
      eventsAccepted: result.accepted,
      eventsDuplicate: result.duplicate,
      eventsRefused: result.refused,
      eventsHeldBack: result.heldBack,
      eventsPerSecond: (result.sent * SECOND_MS) / result.tookMs,
      eventsPerSecondMax: progress.peaks.perSecondMax,
      lagRecordsMax: progress.peaks.lagMax,
    } satisfies Partial<Figures>);
    say();
    fact(
      'On purpose',
      Object.entries(result.tally)
        .map(([what, times]) => `${count(times)} ${what.replaceAll('_', ' ')}`)
        .join(', '),
    );
    this.#check(
      'events',
      result.accepted >= this.#settings.events,
      `${count(result.accepted)} accepted in ${seconds(result.tookMs)}, ${count(result.duplicate)} ` +
        `recognised as duplicates, ${count(result.heldBack)} held back in ` +
        `${provinceOf(SILENT_PROVINCE).nameEn}`,
    );
    const reasons = Object.entries(result.refusals)
      .map(([reason, times]) => `${times} ${reason}`)
      .join(', ');
    this.#check(
      'impossible events',
      result.refused === result.impossible,
      `${count(result.refused)} of ${count(result.impossible)} refused, and nothing else: ${reasons}`,
    );
    return result;
  }

  /** @returns what says how it went */
  async #importHl7(): Promise<() => void> {
    const province = provinceOf(HL7_PROVINCE);
    const door = this.#stack.addresses.intakes['main'] ?? '';
    const imported = await importHl7(door, this.#stack.runDir, HL7_PROVINCE);
    const { files, accepted, refused, reasons, status, output } = imported;
    Object.assign(this.figures, { hl7Accepted: accepted, hl7Refused: refused });
    const worked = (status === 0 || status === 1) && accepted > 0;
    const why = reasons.map(([reason, times]) => `${times} × ${reason}`).join('; ');
    return () =>
      this.#check(
        'HL7 v2 feed',
        worked,
        worked
          ? `${files} files through hutong import as ${province.nameEn}’s laboratory feed: ${accepted} ` +
              `results accepted, ${refused} not: ${why}`
          : `the import ended with status ${status}: ${output.slice(-600)}`,
      );
  }

  async #askWhileFresh(): Promise<void> {
    heading('Questions at a gate, while all 32 provinces are up to date');
    for (const question of this.#story.whileFresh) await this.#ask(question, ANSWER_MS_MAX);
  }

  /** Stopped without a chance to say so, as by a power cut. */
  async #silence(feed: Feed): Promise<void> {
    const { nameEn } = provinceOf(SILENT_PROVINCE);
    heading(`${nameEn} falls silent; the other 31 go on`);
    await this.#stack.kill(`producer-${SILENT_PRODUCER}`);
    this.#silentSinceMs = performance.now();
    feed.goOnWithout(SILENT_PROVINCE);
    fact(
      'Killed',
      `the producer of ${nameEn}. Its watermark stands still; after ${FRESHNESS_BOUND_MS / SECOND_MS} s ` +
        'its data counts as behind',
    );
    say();
  }

  async #drain(probe: ExchangeProbe, { sent }: FeedResult): Promise<void> {
    const startedMs = performance.now();
    const { visible } = await probe.waitUntilVisible(DRAIN_MS_MAX);
    this.#check(
      'visible',
      true,
      `all ${count(visible)} records of the log are in the views ` +
        `${seconds(performance.now() - startedMs)} after the last of ${count(sent)} events was answered`,
    );
    const texts = await Promise.all(this.#stack.addresses.materialisers.map((url) => metricsOf(this.#stack, url)));
    const buckets = sumBuckets(texts.map((text) => bucketsOf(text, 'hutong_publish_to_visible_seconds')));
    Object.assign(this.figures, {
      publishToVisibleP50Seconds: quantileOf(buckets, 0.5),
      publishToVisibleP99Seconds: quantileOf(buckets, 0.99),
      deadLetters: await probe.recordsIn('dead-letters'),
    });
    this.#check(
      'dead letters',
      this.figures.deadLetters === 0,
      `${this.figures.deadLetters} records could not be read`,
    );
  }

  async #compare({ accepted, acceptedIds }: FeedResult): Promise<void> {
    heading('Every view against the oracle');
    fact(
      'The oracle',
      'reads the log from its first record, sorts each person’s events and cuts; it shares no code with the merge',
    );
    fact('The witnesses', describeWitnesses(witnessesOf(this.#nowMs)));
    const startedMs = performance.now();
    const compared = await compareViews(this.#stack, acceptedIds, accepted);
    const { views, different, missing, unexplained, records, acceptedMissing } = compared;
    const unlike = different + missing + unexplained;
    const figures: Partial<Figures> = { viewsCompared: views, viewsDifferent: unlike, acceptedMissing };
    Object.assign(this.figures, figures);
    this.#check(
      'views',
      unlike === 0 && views > 0,
      `${count(views)} compared byte for byte in ${seconds(performance.now() - startedMs)}: ` +
        `${count(different)} differ, ${count(missing)} missing, ${count(unexplained)} without an event`,
    );
    this.#check(
      'nothing lost',
      acceptedMissing === 0 && records >= accepted,
      `${count(acceptedMissing)} of ${count(accepted)} accepted events missing from the ${count(records)} records ` +
        'of the log',
    );
  }

  async #askOnceSilent(probe: ExchangeProbe): Promise<void> {
    const leftMs = this.#silentSinceMs + FRESHNESS_BOUND_MS - performance.now();
    heading(`Questions after ${provinceOf(SILENT_PROVINCE).nameEn} has fallen silent`);
    if (leftMs > 0) fact('Waiting', `up to ${seconds(leftMs)}, until its silence is longer than the bound`);
    for (const question of this.#story.onceSilent) await this.#ask(question, Math.max(0, leftMs) + ANSWER_MS_MAX);
    const { behind } = await probe.state();
    const names = behind.map((code) => provinceOf(code as typeof SILENT_PROVINCE).nameEn);
    this.#check(
      'freshness',
      behind.join() === SILENT_PROVINCE,
      `${PROVINCE_CODES.length - behind.length} of ${PROVINCE_CODES.length} provinces up to date; ` +
        `behind: ${names.join(', ') || 'none'}`,
    );
  }

  async #ask(question: Question, withinMs: number): Promise<void> {
    const token = () => tokenOf(this.#stack, `gate-${question.destination}`);
    const asked = await askUntilExpected(this.#stack.addresses.lookup ?? '', question, withinMs, token);
    this.answers.push(asked);
    const { answer, asExpected } = asked;
    showAnswer(question, asked);
    this.checks.push({
      name: question.title,
      passed: asExpected,
      detail: `${answer.outcome} (${answer.reason}), expected ${question.expected}`,
    });
  }

  async #load(probe: ExchangeProbe): Promise<void> {
    heading(`Look-ups, as many as it answers in ${this.#settings.loadSeconds.toFixed(0)} s`);
    const { people, seed, loadSeconds, lookupConnections } = this.#settings;
    const { personKeySecrets: secrets } = readConfig({ ...this.#stack.serviceEnv });
    const result = await loadLookup({
      url: this.#stack.addresses.lookup ?? '',
      token: await tokenOf(this.#stack, 'gate-travel'),
      ca: this.#stack.tls.ca,
      people,
      seed,
      secrets,
      connections: lookupConnections,
      seconds: loadSeconds,
    });
    Object.assign(this.figures, {
      lookupsPerSecond: result.perSecond,
      lookupP50Seconds: result.p50Ms / SECOND_MS,
      lookupP99Seconds: result.p99Ms / SECOND_MS,
    } satisfies Partial<Figures>);
    this.#check(
      'look-ups',
      result.failed === 0 && result.answered > 0,
      `${count(result.answered)} answered over ${lookupConnections} connections, ${count(result.failed)} ` +
        `failed; p50 ${latency(result.p50Ms / SECOND_MS)}, p99 ${latency(result.p99Ms / SECOND_MS)}`,
    );
    const { lag } = await probe.state();
    this.#check('still caught up', lag === 0, `${lag} records behind`);
  }

  #check(name: string, passed: boolean, detail: string): void {
    this.checks.push({ name, passed, detail });
    check(passed, name, detail);
  }
}
