import { Text as Paragraph } from "@mantine/core";
import { FormattedNumber } from "react-intl";
import { Text } from "../i18n/text.tsx";
import { levelOf, type Scale } from "./scale.ts";
import { NotYet, StatusChip } from "./StatusChip.tsx";

interface Props {
  scale: Scale | null;
  update: { value: number | null; text?: string | null } | null;
}

/** What an update says: a level, points, or text; text of a forgotten person is gone. */
export function Value({ scale, update }: Props) {
  if (!update) return <NotYet />;
  if (scale?.kind === "levels" && update.value !== null) {
    const level = levelOf(scale, update.value);
    return <StatusChip label={level?.label ?? String(update.value)} colour={level?.colour ?? null} />;
  }
  if (update.value !== null) return <FormattedNumber value={update.value} />;
  if (update.text) return <bdi style={{ whiteSpace: "pre-line" }}>{update.text}</bdi>;
  return (
    <Paragraph span inherit c="dimmed" fs="italic">
      <Text id="plan.redacted" />
    </Paragraph>
  );
}
