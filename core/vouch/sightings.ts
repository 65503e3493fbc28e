/**
 * Which numbers of each process were seen in one partition under a tag that holds, and which under one that fails: by
 * both together it is known whether something that a process claims is missing. Pure; it believes no record that it is
 * of the process that it names, and never says of an instance that all is there when it can't know.
 */

/** A record as it names itself. */
export interface Sighted {
  readonly instance: string;
  readonly epoch: number;
  readonly number: number;
  readonly topic: string;
}

/** What a process claims of one topic of the partition, by the signed watermarks in force at a position. */
export type Claimed =
  /** There is no such process, or what it says counts no more: it can't claim a record that is read now. */
  | { readonly kind: 'nothing' }
  /** There was one, and its watermarks are no longer kept. */
  | { readonly kind: 'unknown' }
  /** Whoever has the partition next will know. */
  | { readonly kind: 'later' }
  | {
      readonly kind: 'through';
      /** Its records up to this number, all of them below the position. */
      readonly number: number;
      /** A later process's watermark is in force: this one claims nothing more. */
      readonly isOver: boolean;
    };

/** Whether a record whose tag fails is one that is claimed: only a later watermark can tell where it is open. */
export type Suspicion = 'claimed' | 'unclaimed' | 'open';

/** Records under tags that fail, and of which it isn't known yet whether they are claimed. */
export interface OpenSighting {
  readonly instance: string;
  readonly epoch: number;
  readonly topic: string;
  /** Numbers: those between them are taken along, for whoever is honest has all of them elsewhere. */
  readonly from: number;
  readonly through: number;
}

type Range = readonly [from: number, through: number];
/** Of one process. */
type Proven = readonly [epoch: number, ...ranges: Range[]];

/** As it is stored with the position. */
export interface StoredSightings {
  /** By `<instance> <topic>`, of the newest processes that were seen, the newest first. */
  readonly proven: Readonly<Record<string, readonly Proven[]>>;
  readonly open: readonly OpenSighting[];
}

export const SIGHTING_LIMITS = {
  /** Processes of an instance. */
  processesMax: 3,
  /** Runs of numbers of a process in a topic. Of more the lowest are forgotten and count as never seen. */
  rangesMax: 8,
  /** Processes and topics with open sightings. Whatever is beyond counts as claimed. */
  openMax: 256,
} as const;

export class Sightings {
  readonly #proven: Map<string, readonly Proven[]>;
  readonly #open: Map<string, OpenSighting>;

  constructor(stored?: StoredSightings) {
    this.#proven = new Map(Object.entries(stored?.proven ?? {}));
    this.#open = new Map((stored?.open ?? []).map((sighting) => [nameOf(sighting), sighting]));
  }

  get stored(): StoredSightings {
    return { proven: Object.fromEntries(this.#proven), open: [...this.#open.values()] };
  }

  /** A record whose tag holds. */
  proven({ instance, epoch, number, topic }: Sighted): void {
    const name = `${instance} ${topic}`;
    const known = this.#proven.get(name) ?? [];
    const at = known.findIndex((process) => process[0] === epoch);
    const [, ...ranges] = known[at] ?? [epoch];
    const seen: Proven = [epoch, ...withNumber(ranges, number)];
    // For each record: only a process that wasn't seen yet can change their order.
    const newest = at < 0 ? [...known, seen].toSorted(([a], [b]) => b - a) : known.with(at, seen);
    this.#proven.set(name, newest.slice(0, SIGHTING_LIMITS.processesMax));
  }

  /**
   * A record whose tag fails.
   * @param claimed at the position before it: what is claimed there lies before the record
   * @param isJudged an earlier reading has judged it, at a time when its claims were known
   */
  failed(sighted: Sighted, claimed: Claimed, isJudged: boolean): Suspicion {
    const { instance, epoch, number, topic } = sighted;
    if (claimed.kind === 'nothing' || gapsIn(this.#rangesOf(sighted), number, number).length === 0) return 'unclaimed';
    // All that a former process can claim lies before what its successor has written.
    if (this.#processesOf(sighted).some(([later]) => later > epoch)) return 'unclaimed';
    if (claimed.kind !== 'through' && isJudged) return 'unclaimed';
    if (claimed.kind === 'unknown') return 'claimed';
    if (claimed.kind === 'through' && (claimed.isOver || number <= claimed.number)) return 'unclaimed';
    if (!this.#open.has(nameOf(sighted)) && this.#open.size >= SIGHTING_LIMITS.openMax) return 'claimed';
    this.#reopen({ instance, epoch, topic, from: number, through: number });
    return 'open';
  }

  /** Those that were open at another position of the partition, of a generation that was live until now. */
  takeOpen({ open }: StoredSightings): void {
    for (const sighting of open) this.#reopen(sighting);
  }

  /**
   * The numbers of open ones that are claimed and aren't there under a tag that holds. What is decided is open no more.
   * @param claimedOf at the position up to which all was sighted
   */
  decide(claimedOf: (process: OpenSighting) => Claimed): readonly OpenSighting[] {
    return [...this.#open].flatMap(([name, sighting]) => {
      const claimed = claimedOf(sighting);
      if (claimed.kind === 'later') return [];
      const isYetToCome = claimed.kind === 'through' && !claimed.isOver && claimed.number < sighting.from;
      if (isYetToCome) return [];
      this.#open.delete(name);
      if (claimed.kind === 'nothing') return [];
      if (claimed.kind === 'unknown') return [sighting];
      if (claimed.number < sighting.from) return [];
      const through = Math.min(sighting.through, claimed.number);
      if (through < sighting.through && !claimed.isOver) this.#open.set(name, { ...sighting, from: through + 1 });
      return gapsIn(this.#rangesOf(sighting), sighting.from, through).map(([from, to]) => ({
        ...sighting,
        from,
        through: to,
      }));
    });
  }

  #reopen(sighting: OpenSighting): void {
    const known = this.#open.get(nameOf(sighting));
    this.#open.set(nameOf(sighting), {
      ...sighting,
      from: Math.min(sighting.from, known?.from ?? sighting.from),
      through: Math.max(sighting.through, known?.through ?? sighting.through),
    });
  }

  #rangesOf(of: Omit<Sighted, 'number'>): readonly Range[] {
    const [, ...ranges] = this.#processesOf(of).find(([epoch]) => epoch === of.epoch) ?? [of.epoch];
    return ranges;
  }

  #processesOf({ instance, topic }: Omit<Sighted, 'number'>): readonly Proven[] {
    return this.#proven.get(`${instance} ${topic}`) ?? [];
  }
}

function nameOf({ instance, epoch, topic }: Omit<Sighted, 'number'>): string {
  return `${instance} ${epoch} ${topic}`;
}

function withNumber(ranges: readonly Range[], number: number): readonly Range[] {
  const last = ranges.at(-1);
  if (last !== undefined && number === last[1] + 1) return [...ranges.slice(0, -1), [last[0], number]];
  if (ranges.some(([from, through]) => from <= number && number <= through)) return ranges;
  const joined: Range[] = [];
  for (const [from, through] of [...ranges, [number, number] as const].toSorted(([a], [b]) => a - b)) {
    const before = joined.at(-1);
    if (before !== undefined && from <= before[1] + 1)
      joined[joined.length - 1] = [before[0], Math.max(before[1], through)];
    else joined.push([from, through]);
  }
  return joined.slice(-SIGHTING_LIMITS.rangesMax);
}

/** What of a run of numbers isn't in the ranges, which rise. */
function gapsIn(ranges: readonly Range[], from: number, through: number): readonly Range[] {
  const gaps: Range[] = [];
  let next = from;
  for (const [low, high] of ranges) {
    if (low > next && next <= through) gaps.push([next, Math.min(low - 1, through)]);
    next = Math.max(next, high + 1);
  }
  return next <= through ? [...gaps, [next, through]] : gaps;
}
