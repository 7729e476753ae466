/** Caches the results of a function of an object, each as long as its object exists. */
export function memoizeByObject<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  return cached(compute, new WeakMap<K, V>());
}

/** Caches the results of a function of a text or another value. All results are kept, so the keys should be few. */
export function memoize<K, V>(compute: (key: K) => V): (key: K) => V {
  return cached(compute, new Map<K, V>());
}

/** Computes a value when it is needed for the first time. */
export function once<V>(compute: () => V): () => V {
  const results: V[] = [];
  return () => {
    if (results.length === 0) results.push(compute());
    return results[0];
  };
}

function cached<K, V>(
  compute: (key: K) => V,
  results: { has(key: K): boolean; get(key: K): V | undefined; set(key: K, value: V): unknown },
): (key: K) => V {
  return (key) => {
    const known = results.get(key);
    if (known !== undefined || results.has(key)) return known!;
    const result = compute(key);
    results.set(key, result);
    return result;
  };
}
