/** Computes a value when it is first asked for, and never again. */
export function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}

/** The same for each argument. Arguments with the same key are the same. */
export function oncePer<A, V extends NonNullable<unknown>>(
  compute: (argument: A) => V,
  keyOf: (argument: A) => unknown = (argument) => argument,
): (argument: A) => V {
  const known = new Map<unknown, V>();
  return (argument) => {
    const key = keyOf(argument);
    const last = known.get(key);
    if (last !== undefined) return last;
    const value = compute(argument);
    known.set(key, value);
    return value;
  };
}

/**
 * The same for objects that are forgotten with their values once nobody else knows them. What is given besides may change how a
 * value is computed, and never the value.
 */
export function oncePerObject<A extends object, V extends NonNullable<unknown>, H extends readonly unknown[] = []>(
  compute: (argument: A, ...how: H) => V,
): (argument: A, ...how: H) => V {
  const known = new WeakMap<A, V>();
  return (argument, ...how) => {
    const last = known.get(argument);
    if (last !== undefined) return last;
    const value = compute(argument, ...how);
    known.set(argument, value);
    return value;
  };
}
