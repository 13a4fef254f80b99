import { useComputedColorScheme } from "@mantine/core";
import { inkOn, markColour } from "./colour.ts";

export const SURFACE = { light: "#ffffff", dark: "#242424" } as const;
const NOT_YET = { light: "#80868d", dark: "#8f969d" } as const;

/** Colours of marks on this theme's surface, with the ink that reads on them. */
export function useMarks() {
  const scheme = useComputedColorScheme("light");
  const surface = SURFACE[scheme];
  return {
    surface,
    notYet: NOT_YET[scheme],
    mark: (colour: string) => {
      const fill = markColour(colour, surface);
      return { fill, ink: inkOn(fill) };
    },
  };
}
