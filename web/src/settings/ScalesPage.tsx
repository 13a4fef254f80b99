import { Button, Group, Modal, Paper, Stack, Text as Paragraph, Title } from "@mantine/core";
import { IconPlus, IconRulerMeasure } from "@tabler/icons-react";
import { useState } from "react";
import { PageTitle } from "../app/PageTitle.tsx";
import { Empty } from "../feedback/Empty.tsx";
import { Failure } from "../feedback/Failure.tsx";
import { Waiting } from "../feedback/Waiting.tsx";
import { Text, useText } from "../i18n/text.tsx";
import { useScales } from "../plans/queries.ts";
import { ScaleWords } from "../plans/ScaleWords.tsx";
import { useMe } from "../roster/queries.ts";
import { ScaleForm } from "./ScaleForm.tsx";

/** By what do we judge? The scales of the district. */
export function ScalesPage() {
  const text = useText();
  const me = useMe();
  const scales = useScales();
  const [edited, edit] = useState<string | null>(null);
  const builds = me.data?.may.build_templates ?? false;
  const opened = scales.data?.find(({ id }) => id === edited) ?? null;
  const create = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => edit("new")}>
      <Text id="scales.new" />
    </Button>
  );
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <PageTitle>{text("scales.title")}</PageTitle>
        {builds && scales.data && scales.data.length > 0 && create}
      </Group>
      <Paragraph c="dimmed" maw={620}>
        <Text id="scales.explained" />
      </Paragraph>
      {scales.isPending && <Waiting rows={4} height={64} />}
      {scales.isError && <Failure error={scales.error} onAgain={() => void scales.refetch()} />}
      {scales.data?.length === 0 && (
        <Empty icon={IconRulerMeasure} title="scales.none" teach={builds ? "scales.none-teach" : "scales.none-teach-reader"}>
          {builds && create}
        </Empty>
      )}
      {scales.data?.map((scale) => (
        <Paper key={scale.id} withBorder p="md">
          <Group justify="space-between" align="flex-start" wrap="nowrap">
            <div>
              <Title order={2} mb={6}>
                {scale.title}
              </Title>
              <ScaleWords scale={scale} />
            </div>
            {builds && (
              <Button variant="default" size="xs" aria-label={text("scales.edit", { title: scale.title })} onClick={() => edit(scale.id)}>
                <Text id="action.edit" />
              </Button>
            )}
          </Group>
        </Paper>
      ))}
      <Modal
        opened={edited !== null}
        onClose={() => edit(null)}
        size="lg"
        title={opened ? text("scales.edit", { title: opened.title }) : text("scales.new")}
        closeButtonProps={{ "aria-label": text("action.close") }}
      >
        {edited !== null && <ScaleForm id={opened?.id ?? null} scale={opened} onDone={() => edit(null)} />}
      </Modal>
    </Stack>
  );
}
