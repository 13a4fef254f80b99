import { useCallback } from "react";
import { useSearchParams } from "react-router";

/** The view's filters, tab and sort live in its address, so that it can be shared; typing does not fill the history. */
export function useFilter() {
  const [params, setParams] = useSearchParams();
  const get = useCallback((key: string, otherwise = "") => params.get(key) ?? otherwise, [params]);
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
  return { get, set };
}
