import classes from "./charts.module.css";
import { useMarks } from "./marks.ts";
import { notYetTexture, texture } from "./pattern.ts";
import type { Segment } from "./segments.ts";

/** Which colour and texture means what, in scale order. */
export function Legend({ segments }: { segments: readonly Pick<Segment, "key" | "label" | "colour">[] }) {
  const marks = useMarks();
  return (
    <ul className={classes["legend"]}>
      {segments.map((segment, place) => {
        const { fill, ink } = segment.colour === null ? { fill: marks.notYet, ink: "#000000" } : marks.mark(segment.colour);
        return (
          <li key={segment.key}>
            <span className={classes["swatch"]} style={{ backgroundColor: fill, ...(segment.colour === null ? notYetTexture(marks.surface) : texture(place, ink)) }} />
            {segment.label}
          </li>
        );
      })}
    </ul>
  );
}
