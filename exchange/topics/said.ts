/** JSON of one form as the value of a record: what has another form says nothing, whoever wrote it. It never throws. */

/** @param isSaid whether a value has the form */
export function saidIn<T>(value: Buffer | null, isSaid: (said: unknown) => said is T): T | null {
  try {
    const said: unknown = JSON.parse(value?.toString('utf8') ?? '');
    return isSaid(said) ? said : null;
  } catch {
    return null;
  }
}
