import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** The view's filters, tab and sort live in its address, so that it can be shared; typing does not fill the history. */
export function useFilter() {
  const [params, setParams] = useSearchParams();
  const get = useCallback((key: string) => params.get(key) ?? "", [params]);
  /** One of the allowed values; the first of them where the address says nothing, or something else. */
  const oneOf = <Value extends string>(key: string, allowed: readonly [Value, ...Value[]]): Value => allowed.find((value) => value === params.get(key)) ?? allowed[0];
  const set = useCallback(
    (changes: Record<string, string | null>) => {
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [key, value] of Object.entries(changes)) {
            if (value) next.set(key, value);
            else next.delete(key);
          }
          return next;
        },
        { replace: true },
      );
    },
    [setParams],
  );
  return { get, oneOf, set };
}
