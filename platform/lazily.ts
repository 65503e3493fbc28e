/**
 * What is made when it is first asked for, and kept from then on. For what takes long to make, such as a compiled
 * schema, in a module that many programs load and few of them need it from. It never makes the same twice.
 */
export function lazily<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
