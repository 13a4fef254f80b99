import { Alert, Text as Paragraph } from "@mantine/core";
import { IconHourglass } from "@tabler/icons-react";
import { setParked, useParked } from "../api/parked.ts";
import { Text, useText } from "../i18n/text.tsx";

/** What was saved is kept, and not shown yet: said, so that nobody types it twice. */
export function Parked() {
  const text = useText();
  const parked = useParked();
  return (
    <div role="status">
      {parked && (
        <Alert color="yellow" variant="light" icon={<IconHourglass size={20} />} title={text("feedback.parked")} mb="md" withCloseButton closeButtonLabel={text("action.dismiss")} onClose={() => setParked(false)}>
          <Paragraph size="sm">
            <Text id="feedback.parked-teach" />
          </Paragraph>
        </Alert>
      )}
    </div>
  );
}
