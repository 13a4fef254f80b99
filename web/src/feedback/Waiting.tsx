import { Skeleton, Stack } from "@mantine/core";
import { useText } from "../i18n/text.tsx";

/** The shape of what is coming, instead of a spinner. */
export function Waiting({ rows, height = 36 }: { rows: number; height?: number }) {
  const text = useText();
  return (
    <Stack gap="sm" aria-busy="true" role="status" aria-label={text("feedback.loading")}>
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} height={height} />
      ))}
    </Stack>
  );
}
