// A value that components can watch. The console's few global things (session,
// language, theme, toasts, being offline) are stores; everything else is state
// of components.
import { useEffect, useState } from "preact/hooks";

export interface Store<T> {
  get(): T;
  set(value: T): void;
  /** Calls back after every change; returns what ends that. */
  watch(fn: (value: T) => void): () => void;
}

export function store<T>(initial: T): Store<T> {
  let value = initial;
  const watchers = new Set<(value: T) => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const fn of [...watchers]) fn(next);
    },
    watch(fn) {
      watchers.add(fn);
      return () => void watchers.delete(fn);
    },
  };
}

/** The store's value; the component is drawn again when it changes. */
export function useStore<T>(s: Store<T>): T {
  const [value, set] = useState(s.get());
  useEffect(() => {
    set(s.get());
    return s.watch((v) => set(v));
  }, [s]);
  return value;
}

/** localStorage that is never in the way: without it nothing is remembered. */
export const memory = {
  get(key: string): string | null {
    try {
      return localStorage.getItem("whetstone." + key);
    } catch {
      return null;
    }
  },
  set(key: string, value: string | null) {
    try {
      if (value === null) localStorage.removeItem("whetstone." + key);
      else localStorage.setItem("whetstone." + key, value);
    } catch {
      // Full or forbidden.
    }
  },
  keys(): string[] {
    try {
      return Object.keys(localStorage).filter((k) => k.startsWith("whetstone.")).map((k) => k.slice(10));
    } catch {
      return [];
    }
  },
};
