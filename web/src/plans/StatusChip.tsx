import { useText } from "../i18n/text.tsx";
import { useMarks } from "../charts/marks.ts";
import { notYetTexture } from "../charts/pattern.ts";
import classes from "./plans.module.css";

interface Props {
  label: string;
  colour: string | null;
}

/** A status in words with its colour beside them: the words carry the meaning. */
export function StatusChip({ label, colour }: Props) {
  const marks = useMarks();
  return (
    <span className={classes["chip"]}>
      <span className={classes["swatch"]} style={{ backgroundColor: colour === null ? marks.notYet : marks.mark(colour).fill, ...(colour === null && notYetTexture(marks.surface)) }} />
      {label}
    </span>
  );
}

export function NotYet() {
  const text = useText();
  return <StatusChip label={text("status.none")} colour={null} />;
}
