/**
 * A view as it counts with what is withdrawn: a result that counts and is withdrawn is as if it had been retracted when
 * it was issued. So what was issued later stands, and no older version speaks instead. It never stores a view, nor
 * takes anything of what it is not told to take.
 */

import type { InForce } from '#core/withdrawals/in-force.ts';
import { takenBy } from '#core/withdrawals/taken.ts';
import type { PersonView, TestRegister } from './view.ts';

/** The same object where nothing of it is withdrawn. */
export function withoutWithdrawn(view: PersonView, inForce: InForce): PersonView {
  if (inForce.length === 0) return view;
  const datedTests = each(view.datedTests, inForce);
  const undatedTests = each(view.undatedTests, inForce);
  return datedTests === view.datedTests && undatedTests === view.undatedTests
    ? view
    : { ...view, datedTests, undatedTests };
}

function each(registers: readonly TestRegister[], inForce: InForce): readonly TestRegister[] {
  const after = registers.map((register) => standing(register, inForce));
  return after.every((register, index) => register === registers[index]) ? registers : after;
}

/** What is kept beside the version that counts was issued later, so it is what a retraction would leave. */
function standing(register: TestRegister, inForce: InForce): TestRegister {
  if (register.status === 'retracted') return register;
  const withdrawn = takenBy(inForce, register);
  if (withdrawn === null) return register;
  const [next, ...later] = register.alsoKept?.later ?? [];
  return next === undefined
    ? { ...register, status: 'retracted', alsoKept: null, withdrawn }
    : standing({ ...next, alsoKept: { retractedThroughMs: register.issuedAtMs, later, lastEndMs: null } }, inForce);
}
