import { Badge, Group, Paper, Stack, Text as Paragraph, Title } from "@mantine/core";
import { useText } from "../../i18n/text.tsx";
import { RichText } from "../RichText.tsx";
import { ScaleWords } from "../ScaleWords.tsx";
import type { Scale } from "../scale.ts";
import type { Structure } from "./structure.ts";

interface Props {
  title: string;
  description: string;
  overall: Scale | null;
  customisable: boolean;
  sections: Structure;
  scaleOf: (id: string | null) => Scale | null;
}

/** What those who work with the plan will see, as it is being written (P9). */
export function Preview({ title, description, overall, customisable, sections, scaleOf }: Props) {
  const text = useText();
  return (
    <Paper withBorder p="md" component="section" aria-label={text("editor.preview")}>
      <Badge variant="light" color="gray" mb="xs">
        {text("editor.preview")}
      </Badge>
      <Stack gap="sm">
        <Title order={2}>{title || text("editor.untitled")}</Title>
        {description && <RichText html={description} />}
        <Group gap="xs">
          <Paragraph fw={600} size="sm">
            {text("plan.overall")}
          </Paragraph>
          <ScaleWords scale={overall} />
        </Group>
        {customisable && (
          <Paragraph size="sm" c="dimmed">
            {text("editor.customisable-preview")}
          </Paragraph>
        )}
        {sections.map((section) => (
          <section key={section.id}>
            <Title order={3} mb={4}>
              {section.title || text("editor.untitled-section")}
            </Title>
            <Stack gap="xs">
              {section.items.map((item) => (
                <div key={item.id}>
                  <Group gap="xs" justify="space-between" align="baseline">
                    <Paragraph>{item.title || text("editor.untitled-item")}</Paragraph>
                    <ScaleWords scale={item.scale === null ? null : scaleOf(item.scale)} freeText={item.scale === null} />
                  </Group>
                  {item.guidance && (
                    <Paragraph size="sm" c="dimmed" style={{ whiteSpace: "pre-line" }}>
                      {item.guidance}
                    </Paragraph>
                  )}
                </div>
              ))}
              {section.items.length === 0 && (
                <Paragraph size="sm" c="dimmed">
                  {text("editor.section-empty")}
                </Paragraph>
              )}
            </Stack>
          </section>
        ))}
      </Stack>
    </Paper>
  );
}
