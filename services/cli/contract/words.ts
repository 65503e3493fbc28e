/** What is said of faults that no door knows of, and how each is mended. No text holds a value of an event. */

import type { EventFault } from '#core/events/event-faults.ts';
import { describePointer } from '#exchange/formats/location.ts';
import { pointerOf } from '#exchange/intake/intake.ts';
import type { Lacking } from './counts-somewhere.ts';
import type { Found, Step } from './findings.ts';

const found = (step: Step, code: string, detail: string, hint: string, field = ''): Found => ({
  step,
  code,
  field,
  detail,
  hint,
});

export const readsOtherwise = (): Found =>
  found(
    'file',
    'reads-otherwise',
    'a second reading gave other events',
    'give a file that nobody writes to, and no pipe: what is sent again must be the same, or it is no duplicate',
  );

export const tooLarge = (eventsMax: number): Found =>
  found(
    'warning',
    'more-than-a-sample',
    `holds more than ${eventsMax} events; the rest was not looked at`,
    'a sample of each kind of record is enough',
  );

export const idTwice = (): Found =>
  found(
    'rules',
    'id-twice',
    'has the id of an event that states something else',
    'give each event an id of its own, and the same again only where the same is sent again',
    '/eventId',
  );

export const noRecord = (fault: string): Found =>
  found(
    'record',
    'no-record',
    fault,
    'this is a mistake in the exchange: report it with the place, not with the event',
  );

export const repeated = (): Found =>
  found('warning', 'repeated', 'states what another event of the sample stated', 'no harm: it becomes a duplicate');

/** Of an event that only the tolerance for clocks lets in. */
export const clockAhead = ({ field, detail }: EventFault): Found =>
  found(
    'warning',
    'clock-ahead',
    `${detail}, by less than is tolerated`,
    'set the clock of whatever writes it by NTP: a little more and it is refused',
    describePointer(pointerOf(field), {}),
  );

export const allPreliminary = (): Found =>
  found(
    'warning',
    'all-preliminary',
    'every report of a test is preliminary',
    'a preliminary report counts for nothing: send the final one too, with the same sample id',
    '/status',
  );

const NOWHERE: Readonly<Record<Lacking, string>> = {
  method: 'name the method as rules do: nucleic_acid, or antigen where that was done',
  sampledAt: 'give the time of sampling, with its offset; most windows begin with it, and it must be as it was',
  poolSize: 'give the size of the pool only where the person’s own sample was pooled',
  '': 'compare it with a result that counts: hutong policy explain shows what a rule asks',
};

export const countsNowhere = (lacking: Lacking): Found =>
  found(
    'warning',
    'counts-nowhere',
    'no rule of any destination recognises anybody by a result of this kind, at the instant of its report',
    NOWHERE[lacking],
    lacking === '' ? '' : `/${lacking}`,
  );

export const notAsked = (kinds: number): Found =>
  found(
    'warning',
    'kinds-not-asked',
    `${kinds} results of further kinds were not held against the rules of destinations`,
    'give a smaller sample',
  );
