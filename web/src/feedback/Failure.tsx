import { Alert, Button, Group, List, Text as Paragraph } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Problem } from "../api/problem.ts";
import { useText, type MessageId } from "../i18n/text.tsx";
import { useFaultText, useProblemText } from "./problemText.ts";

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
  const faultText = useFaultText();
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle size={20} />} title={text(title)} my="sm">
      <Paragraph size="sm">{problem(error)}</Paragraph>
      {error instanceof Problem && error.faults.length > 0 && (
        <List size="sm" mt={4}>
          {error.faults.map((fault) => (
            <List.Item key={fault.place + fault.code}>{faultText(fault)}</List.Item>
          ))}
        </List>
      )}
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
