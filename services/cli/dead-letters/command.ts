/**
 * `hutong dead-letters`: what could not be read, why, and what became of it. Its options, checked before anything is
 * read or written; what it does is in letters/.
 */

import { Command, InvalidArgumentError, Option } from 'commander';
import type { ProvinceCode } from '#core/field/regions.ts';
import { parseTime, SECOND_MS } from '#core/field/time.ts';
import { kafkaAccess } from '#exchange/identity/operator.ts';
import { parsePlace, type RecordPlace, type Settlement, UNREADABLE_REASONS } from '#exchange/topics/letters.ts';
import type { Log } from '#exchange/topics/log.ts';
import type { KafkaAccess } from '#platform/kafka/client.ts';
import { launchedAddress, ownTls, runDirOption } from '#services/cli/shared/launched.ts';
import { parseNote } from '#services/cli/shared/note.ts';
import { onConsole, type Print } from '#services/cli/shared/print.ts';
import { parseProvinceCode } from '#services/cli/shared/province-code.ts';
import { withMessage } from '#services/cli/shared/with-message.ts';
import { type LetterFilter, STATES } from './choose.ts';
import { settleLetters } from './settle.ts';
import { listLetters, showLetter } from './show.ts';

/** @param print takes one line or table at a time */
export function deadLettersCommand(log: Log, print: Print = onConsole): Command {
  return new Command('dead-letters')
    .description('lists, shows, replays and discards records that could not be read')
    .addCommand(listCommand(log, print))
    .addCommand(showCommand(print))
    .addCommand(settleCommand(log, 'replay', 'replayed', print))
    .addCommand(settleCommand(log, 'discard', 'discarded', print));
}

interface Connection {
  readonly kafka?: string;
  readonly runDir: string;
}

interface Filters {
  readonly reason?: string[];
  readonly topic?: string;
  readonly partition?: number;
  readonly province?: ProvinceCode;
  readonly since?: number;
}

function listCommand(log: Log, print: Print): Command {
  return withFilters(
    log,
    withConnection(
      new Command('list').description('the letters with place, reason, whom they mark and what became of them'),
    ),
  )
    .addOption(new Option('--state <state>', 'whether they are settled').choices(STATES).default('open'))
    .addOption(new Option('--limit <rows>', 'rows of the table at most').argParser(parseNumber).default(100))
    .option('--json', 'one JSON object per line, all of them')
    .addHelpText('after', '\nExit status: 0 listed, 1 no Kafka, 2 wrong usage.')
    .action(
      async (
        options: Connection &
          Filters & { readonly state: (typeof STATES)[number]; readonly limit: number; readonly json?: true },
      ) => {
        process.exitCode = await withMessage(print, async () =>
          listLetters(
            {
              kafka: await kafkaOf(options),
              filter: filterOf(options),
              state: options.state,
              rowsMax: options.limit,
              asJson: options.json === true,
            },
            print,
          ),
        );
      },
    );
}

function showCommand(print: Print): Command {
  return withConnection(
    new Command('show').description(
      'one letter: place, reason, headers, schema id and a hex dump; it may hold personal data',
    ),
  )
    .argument('<letter>', 'topic/partition/offset of the record, as list names it', parseLetter)
    .addOption(new Option('--bytes <count>', 'of the value, in the dump').argParser(parseNumber).default(4_096))
    .option('--json', 'as JSON, the value whole and in base64')
    .addHelpText('after', '\nExit status: 0 shown, 1 no such letter or no Kafka, 2 wrong usage.')
    .action(async (place: RecordPlace, options: Connection & { readonly bytes: number; readonly json?: true }) => {
      process.exitCode = await withMessage(print, async () =>
        showLetter(
          { kafka: await kafkaOf(options), place, bytesMax: options.bytes, asJson: options.json === true },
          print,
        ),
      );
    });
}

const WHAT = {
  replay:
    'append the original bytes again to where they belong, for the materialiser to read once more; a ' +
    'letter that is then read marks nobody any longer',
  discard: 'give letters up: what they hold is lost to the view, and they mark nobody any longer',
} as const;

interface SettleFlags extends Connection, Filters {
  readonly by: string;
  readonly why?: string;
  readonly wait: number;
}

function settleCommand(log: Log, name: keyof typeof WHAT, as: Settlement['as'], print: Print): Command {
  const why = new Option('--why <reason>', 'kept with the letter; name no person')
    .argParser(parseNote)
    .makeOptionMandatory(name === 'discard');
  return withFilters(log, withConnection(new Command(name).description(WHAT[name])))
    .argument(
      '[letter...]',
      'topic/partition/offset of the record, as list names it; without any, every open letter that the filters choose',
      (text: string, before: RecordPlace[] | undefined) => [...(before ?? []), parseLetter(text)],
    )
    .addOption(new Option('--by <who>', 'who does it: kept with the letter').argParser(parseNote).makeOptionMandatory())
    .addOption(why)
    .addOption(new Option('--wait <seconds>', 'for the materialiser to take it').argParser(parseNumber).default(30))
    .addHelpText(
      'after',
      '\nExit status: 0 all settled, 1 something wasn’t (unreadable again, not replayable, not taken in ' +
        'time, no such letter, no Kafka), 2 wrong usage.',
    )
    .action(async (places: RecordPlace[] | undefined, options: SettleFlags, command: Command) => {
      const filter = filterOf(options);
      const isFiltered = Object.values(filter).some((value) => value !== null);
      if ((places === undefined || places.length === 0) === !isFiltered)
        command.error(
          'error: name letters, or choose them by --reason, --topic, --partition, --province or --since; not both',
        );
      process.exitCode = await withMessage(print, async () =>
        settleLetters(
          log,
          {
            kafka: await kafkaOf(options),
            as,
            places: places ?? [],
            filter,
            by: options.by,
            why: options.why ?? '',
            waitMs: options.wait * SECOND_MS,
          },
          print,
        ),
      );
    });
}

function withConnection(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--kafka <brokers>',
        'host:port[,host:port] (default: what addresses.json in the run directory names)',
      ),
    )
    .addOption(runDirOption());
}

function withFilters({ topics }: Log, command: Command): Command {
  return command
    .addOption(new Option('--reason <reason...>', 'why it could not be read').choices(UNREADABLE_REASONS))
    .addOption(new Option('--topic <topic>', 'where the record lies').choices(topics))
    .addOption(new Option('--partition <number>', 'where the record lies').argParser(parseNumber))
    .addOption(
      new Option('--province <code>', 'whose producer wrote it, as it says itself').argParser(parseProvinceCode),
    )
    .addOption(new Option('--since <instant>', 'written then or later; ISO 8601 with offset').argParser(parseInstant));
}

function filterOf({ reason, topic, partition, province, since }: Filters): LetterFilter {
  return {
    reasons: reason ?? null,
    topic: topic ?? null,
    partition: partition ?? null,
    province: province ?? null,
    sinceMs: since ?? null,
  };
}

async function kafkaOf({ kafka, runDir }: Connection): Promise<KafkaAccess> {
  const brokers = kafka ?? (await launchedAddress(runDir, 'kafka', 'give the brokers with --kafka'));
  return kafkaAccess(brokers, ownTls(runDir));
}

function parseLetter(text: string): RecordPlace {
  const place = parsePlace(text);
  if (place === null) throw new InvalidArgumentError('It is a place such as tests/3/41.');
  return place;
}

function parseNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It is a whole number, 0 or more.');
  return Number(text);
}

function parseInstant(text: string): number {
  const time = parseTime(text);
  if (time === null) throw new InvalidArgumentError('It is an instant such as 2022-08-01T08:12+08:00.');
  return time.atMs;
}
