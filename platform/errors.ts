/**
 * The one class of error, the table of its codes, and the one function that decides what a failure leads to.
 * A message never holds a document's number, a name or a person key.
 */
const CODES = {
  CONFIG_INVALID: 'the environment holds a setting that can’t be used',
  IDENTITY_UNUSABLE: 'a key or a certificate is missing or can’t be used',
  KAFKA_UNAVAILABLE: 'Kafka did not answer in time',
  KAFKA_TOPIC_MISSING: 'a topic is missing or has another shape than configured',
  LOG_DROPS_HISTORY: 'a shared topic is set to drop records that a rebuild needs',
  LOG_NOT_REPUBLISHED: 'the former edition of the log holds records that are not in this one yet',
  LOG_OTHER_PLAN: 'an edition of the log was begun with other partitions, keys or secrets than these',
  OTHER_EXCHANGE: 'two parts that are set up together belong to two exchanges',
  PRODUCER_SUPERSEDED: 'another process has begun as the same producer instance, or the instance was retired',
  PRODUCER_UNKNOWN: 'there is no such producer instance, or it still is at work',
  ALREADY_RUNNING: 'another run of the same command is at work',
  REGISTRY_UNAVAILABLE: 'the schema registry did not answer, or has lost its schemas',
  REGISTRY_SCHEMA_MISSING: 'a schema of this version is not registered',
  REDIS_UNAVAILABLE: 'Redis did not answer in time',
  REDIS_FULL: 'Redis has no memory left for what is to be written',
  REDIS_MAY_EVICT: 'Redis is set to evict keys when its memory is full',
  POSITION_REFUSED: 'the stored position is not the one that the writer started from',
  POSITION_UNREACHABLE: 'the log no longer holds the stored position, or is another log',
  REBUILD_ENDED: 'the generation that was being built is no longer being built',
  RECORD_UNREADABLE: 'a record can’t be decoded with its schema in hand, or breaks a rule',
  VIEW_UNREADABLE: 'a stored view can’t be decoded by this version',
  POLICY_INVALID: 'a policy can’t be used',
  LETTER_UNKNOWN: 'there is no such dead letter',
  WITHDRAWAL_REFUSED: 'a withdrawal would have no effect, or is one too many',
  ISSUER_UNAVAILABLE: 'the issuer of tokens did not answer',
  TOKEN_REFUSED: 'the issuer of tokens gives this client none',
  QUEUE_FULL: 'the bounded queue is full',
  INTERNAL: 'a mistake in this program',
} as const;

export type ErrorCode = keyof typeof CODES;

interface Details {
  readonly retriable: boolean;
  /** How to mend it, for the person who reads the log. */
  readonly hint?: string;
  readonly cause?: unknown;
}

export class HutongError extends Error {
  readonly code: ErrorCode;
  readonly retriable: boolean;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, { retriable, hint, cause }: Details) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'HutongError';
    this.code = code;
    this.retriable = retriable;
    this.hint = hint;
  }
}

export const ERROR_CODES: Readonly<Record<ErrorCode, string>> = CODES;

export type Disposition = 'retry' | 'reload' | 'dead_letter' | 'stop_partition' | 'crash';

/** What a failure while materialising leads to. */
export function dispositionOf(error: unknown): Disposition {
  if (!(error instanceof HutongError)) return 'crash'; // unknown: a restart re-reads from the stored position
  switch (error.code) {
    case 'KAFKA_UNAVAILABLE':
    case 'REGISTRY_UNAVAILABLE':
    case 'REDIS_UNAVAILABLE':
    case 'REDIS_FULL':
      return 'retry'; // it may come back, and nothing has been committed: hold the partition
    case 'POSITION_REFUSED':
      return 'reload'; // someone else wrote, or Redis lost its newest writes: start again from what is stored
    case 'RECORD_UNREADABLE':
      return 'dead_letter'; // no retry can mend its bytes, and the stream must go on
    case 'POSITION_UNREACHABLE':
      return 'stop_partition'; // going on would skip records silently: a person decides
    default:
      return 'crash';
  }
}

/** An error's message and its causes', for a log line. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describeError(error.cause)}`;
}
