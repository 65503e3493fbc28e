/** One attempt of somebody to do something, and what is wrong with a number of them. It knows no part and no right. */

export interface Attempt {
  /** A principal, or `nobody`. */
  readonly who: string;
  readonly what: string;
  /** On whose behalf, or where. */
  readonly of: string;
  /** Whether it should be let. */
  readonly may: boolean;
  /** Whether it was. */
  readonly did: boolean;
}

export function textOf({ who, what, of }: Attempt): string {
  return `${who}: ${what}: ${of}`;
}

/**
 * What came out otherwise than it should, and what shows nothing: an action that nobody was refused, or nobody was let.
 * Where all is refused, a door that is shut would pass.
 */
export function faultsOf(attempts: readonly Attempt[]): string[] {
  const wrong = attempts.filter(({ may, did }) => may !== did);
  const without = [...Map.groupBy(attempts, ({ what }) => what)].flatMap(([what, of]) => [
    ...(of.some(({ may }) => may) ? [] : [`${what}: nobody was to be let`]),
    ...(of.some(({ may }) => !may) ? [] : [`${what}: nobody was to be refused`]),
  ]);
  return [...wrong.map((one) => `${textOf(one)}: was ${one.did ? 'let' : 'refused'}`), ...without];
}
