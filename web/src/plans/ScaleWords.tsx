import { Group, Text as Paragraph } from "@mantine/core";
import { useText } from "../i18n/text.tsx";
import type { Scale } from "./scale.ts";
import { StatusChip } from "./StatusChip.tsx";

/** A scale in one line: its levels in order, or its range of points. */
export function ScaleWords({ scale, freeText = false }: { scale: Scale | null; freeText?: boolean }) {
  const text = useText();
  if (scale?.kind === "levels") {
    return (
      <Group gap="sm" fz="sm">
        {scale.levels.map((level) => (
          <StatusChip key={level.code} label={level.label} colour={level.colour} />
        ))}
      </Group>
    );
  }
  return (
    <Paragraph size="sm" c="dimmed">
      {scale ? text("scale.points-range", { from: scale.minimum, to: scale.maximum }) : text(freeText ? "scale.free-text" : "scale.not-chosen")}
    </Paragraph>
  );
}
