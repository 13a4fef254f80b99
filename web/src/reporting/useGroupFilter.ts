import { useMemo } from "react";
import { useFilter } from "../app/useFilter.ts";

/** Which students a figure counts: by group, and on which day. Empty means all, and today. */
export interface GroupFilter {
  school?: string[];
  grade?: string[];
  section?: string[];
  home_language?: string[];
  as_of?: string;
}

const GROUPS = ["school", "grade", "section", "home_language"] as const;

/** The group filter in the page's address. */
export function useGroupFilter() {
  const { get, set } = useFilter();
  const text = [...GROUPS, "as_of" as const].map((key) => `${key}=${get(key)}`).join("&");
  const values = useMemo(() => {
    const found: GroupFilter = {};
    for (const [key, value] of new URLSearchParams(text)) {
      if (!value) continue;
      if (key === "as_of") found.as_of = value;
      else found[key as (typeof GROUPS)[number]] = [value];
    }
    return found;
  }, [text]);
  return { values, set, any: Object.keys(values).length > 0, clear: () => set(Object.fromEntries([...GROUPS, "as_of"].map((key) => [key, null]))) };
}
