/**
 * How answers are written: by one serializer for each form, whatever addresses and statuses answer in it. Compiled for
 * each of these anew, as the framework does, they took most of the start of a look-up. What is written must never
 * depend on which of them was first.
 */

import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';

type SerializerFactory = ReturnType<typeof SerializerSelector>;
type Serializer = ReturnType<ReturnType<SerializerFactory>>;

export function onceForEachForm(compiling: SerializerFactory = SerializerSelector()): SerializerFactory {
  return (forms, options) => {
    const compile = compiling(forms, options);
    const compiled = new Map<string, Serializer>();
    return (answer) => {
      const { description: _, ...form } = answer.schema as { readonly description?: string };
      const name = JSON.stringify(form);
      const serializer = compiled.get(name) ?? compile(answer);
      compiled.set(name, serializer);
      return serializer;
    };
  };
}
