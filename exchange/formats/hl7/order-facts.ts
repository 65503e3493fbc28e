/**
 * What all results of an order share: person, sample, times, laboratory. Read once for an order, however many results
 * it has, so that the work never grows with their product.
 */

import { EVENT_LIMITS } from '#core/events/events.ts';
import { type FormatFault, fault, type Reading, taken } from '#exchange/formats/format-fault.ts';
import type { PersonDocumentJson } from '#exchange/formats/person-document-schema.ts';
import type { MappingSettings } from '#exchange/formats/reader.ts';
import { tidyName } from '#exchange/formats/tidy-name.ts';
import type { Segment } from './message.ts';
import type { Order } from './orders.ts';
import { personOf } from './person.ts';
import { strangerOf } from './specimen.ts';
import { instantOf, type Source, type Zones, zonesOf } from './time-zones.ts';

export interface OrderFacts {
  readonly order: Order;
  readonly person: Reading<PersonDocumentJson>;
  readonly sampleId: Reading<string>;
  readonly sampleFrom: Source | undefined;
  readonly sampledFrom: Source | undefined;
  readonly reportIssuedAt: Reading<string>;
  readonly zones: Zones;
  /** Of the order's other observations, for one that names none. */
  readonly laboratories: ReadonlySet<string>;
  /** What keeps every result of the order from being taken, whatever it says. */
  readonly faults: readonly FormatFault[];
}

export function orderFactsOf(
  msh: Segment,
  order: Order,
  settings: MappingSettings,
  person: Reading<PersonDocumentJson>,
): OrderFacts {
  const { obr, orc, spm, observations } = order;
  const sampleFrom = firstOf(
    ['SPM-2', spm.part(2, 2, 1)],
    ['SPM-2', spm.part(2, 1, 1)],
    ['OBR-3', obr.text(3)],
    ['ORC-3', orc.text(3)],
  );
  const obxs = observations.map(({ segment }) => segment);
  const zones = zonesOf(
    msh.text(7),
    settings.timeZone,
    [spm.part(17, 1, 1), obr.text(7), obr.text(22), ...obxs.map((obx) => obx.text(14))],
    [spm.text(18), ...obxs.map((obx) => obx.text(19))],
  );
  const stranger = strangerOf(spm, obr);
  return {
    order,
    person,
    zones,
    sampleFrom,
    sampleId: nameOf(
      sampleFrom,
      'SPM-2',
      'holds no sample id, nor do OBR-3 and ORC-3',
      'send the laboratory’s own id of the sample',
    ),
    sampledFrom: firstOf(['SPM-17', spm.part(17, 1, 1)], ['OBR-7', obr.text(7)]),
    reportIssuedAt: instantOf({ field: 'OBR-22', text: obr.text(22) }, zones),
    laboratories: new Set(observations.map(({ segment }) => ownLaboratory(segment)?.text ?? '').filter(Boolean)),
    faults: [
      ...(stranger.ok ? [] : [stranger.fault]),
      ...(order.hasSeveralSpecimens ? [SEVERAL_SPECIMENS] : []),
      ...(order.isOfTwoPeople ? [TWO_PEOPLE] : []),
    ],
  };
}

/** Each patient's document is read once. */
export function personReader(settings: MappingSettings): (pid: Segment) => Reading<PersonDocumentJson> {
  const known = new Map<Segment, Reading<PersonDocumentJson>>();
  return (pid) => {
    const person = known.get(pid) ?? personOf(pid, settings);
    known.set(pid, person);
    return person;
  };
}

export function firstOf(...candidates: readonly (readonly [field: string, text: string])[]): Source | undefined {
  const found = candidates.find(([, text]) => text !== '');
  return found === undefined ? undefined : { field: found[0], text: found[1] };
}

function ownLaboratory(obx: Segment): Source | undefined {
  const name = obx.text(23, 1);
  const organisation = name.length > EVENT_LIMITS.textCharsMax && obx.text(23, 10) !== '' ? obx.text(23, 10) : name;
  return firstOf(['OBX-23', organisation], ['OBX-15', obx.text(15, 2)], ['OBX-15', obx.text(15, 1)]);
}

/** The observation's own, the one that the order's others name, the sender's, what the operator said. */
export function laboratorySource(msh: Segment, obx: Segment, facts: OrderFacts, given?: string): Source | undefined {
  const own = ownLaboratory(obx);
  if (own !== undefined) return own;
  const [ofOrder] = facts.laboratories;
  return firstOf(['OBX-23', ofOrder ?? ''], ['MSH-4', msh.text(4, 1)], ['--laboratory', given ?? '']);
}

/** A shortened name could be another's, so a long one is refused. */
export function nameOf(source: Source | undefined, field: string, missing: string, hint: string): Reading<string> {
  if (source === undefined) return fault(field, missing, hint);
  const name = tidyName(source.text);
  if (name.ok) return taken(name.value);
  if (name.why === 'garbled')
    return fault(source.field, 'is not readable as text', 'send UTF-8, or name the encoding in MSH-18');
  return name.why === 'placeholder' ? fault(source.field, 'holds a placeholder', hint) : tooLong(source.field);
}

function tooLong(field: string): { readonly ok: false; readonly fault: FormatFault } {
  return fault(
    field,
    `is longer than ${EVENT_LIMITS.textCharsMax} characters`,
    'send a shorter id; it is not cut, because it might then be another’s',
  );
}

const SEVERAL_SPECIMENS: FormatFault = {
  field: 'SPM-2',
  reason: 'stands more than once in the order, with different ids: of which sample the result is can’t be told',
  hint: 'send an order for each sample, with one SPM',
};
const TWO_PEOPLE: FormatFault = {
  field: 'PID-3',
  reason: 'stands in two PID segments before the order, with different numbers',
  hint: 'send each patient’s orders behind that patient’s PID',
};
