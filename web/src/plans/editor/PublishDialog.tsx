import { Button, Group, List, Modal, Stack, Text as Paragraph } from "@mantine/core";
import { useNavigate } from "react-router";
import { Failure } from "../../feedback/Failure.tsx";
import { useSay } from "../../feedback/Notices.tsx";
import { useText } from "../../i18n/text.tsx";
import { usePublishTemplate } from "../queries.ts";

interface Props {
  id: string;
  etag: string;
  title: string;
  opened: boolean;
  onClose: () => void;
}

/** Says what publishing changes, and for whom, before it is done. */
export function PublishDialog({ id, etag, title, opened, onClose }: Props) {
  const text = useText();
  const say = useSay();
  const navigate = useNavigate();
  const publish = usePublishTemplate(id);
  return (
    <Modal opened={opened} onClose={onClose} title={text("publish.title", { title })} closeButtonProps={{ "aria-label": text("action.close") }}>
      <Stack gap="sm">
        <Paragraph>{text("publish.explained")}</Paragraph>
        <List size="sm" spacing={4}>
          <List.Item>{text("publish.everyone")}</List.Item>
          <List.Item>{text("publish.frozen")}</List.Item>
          <List.Item>{text("publish.clone")}</List.Item>
        </List>
        {publish.isError && <Failure error={publish.error} title="publish.failed" />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {text("action.cancel")}
          </Button>
          <Button
            loading={publish.isPending}
            onClick={() =>
              publish.mutate(
                { etag },
                {
                  onSuccess: () => {
                    say(text("publish.said", { title }));
                    void navigate(`/plans/${id}`);
                  },
                },
              )
            }
          >
            {text("editor.publish")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
