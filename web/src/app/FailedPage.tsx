import { Stack } from "@mantine/core";
import { Problem } from "../api/problem.ts";
import { Failure } from "../feedback/Failure.tsx";
import { useText } from "../i18n/text.tsx";
import { NotFound } from "./NotFound.tsx";
import { PageTitle } from "./PageTitle.tsx";

/** A page whose subject could not be read: it does not exist for this person, or something went wrong. */
export function FailedPage({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  const text = useText();
  if (error instanceof Problem && error.status === 404) return <NotFound />;
  return (
    <Stack>
      <PageTitle>{text("feedback.not-loaded")}</PageTitle>
      <Failure error={error} title="feedback.went-wrong" onAgain={onAgain} />
    </Stack>
  );
}
