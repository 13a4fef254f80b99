import { Alert, Button, Group, Text as Paragraph } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useText, type MessageId } from "../i18n/text.tsx";
import { useProblemText } from "./problemText.ts";

interface Props {
  error: unknown;
  /** What could not be done. */
  title?: MessageId;
  again?: MessageId;
  onAgain?: () => void;
}

/** What went wrong, and what to do next. */
export function Failure({ error, title = "feedback.not-loaded", again = "action.try-again", onAgain }: Props) {
  const text = useText();
  const problem = useProblemText();
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle size={20} />} title={text(title)} my="sm">
      <Paragraph size="sm">{problem(error)}</Paragraph>
      {onAgain && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={onAgain}>
            {text(again)}
          </Button>
        </Group>
      )}
    </Alert>
  );
}
