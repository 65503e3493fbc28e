/** Whole numbers that an exercise is told by the environment. It must never take one that is out of its bounds. */

/** @returns reads one, by its name; it throws a RangeError that names a setting which can't be used */
export function wholeNumbersIn(
  environment: NodeJS.ProcessEnv,
): (name: string, fallback: number, min: number, max: number) => number {
  return (name, fallback, min, max) => {
    const value = Number(environment[name] || fallback);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new RangeError(`${name}=${environment[name]} can't be used: it takes a whole number from ${min} to ${max}`);
  };
}
