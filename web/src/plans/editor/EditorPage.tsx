import { Stack } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useState } from "react";
import { useParams } from "react-router";
import { FailedPage } from "../../app/FailedPage.tsx";
import { PageTitle } from "../../app/PageTitle.tsx";
import { Empty } from "../../feedback/Empty.tsx";
import { Waiting } from "../../feedback/Waiting.tsx";
import { useText } from "../../i18n/text.tsx";
import { useMe } from "../../roster/queries.ts";
import { useScales, useTemplate } from "../queries.ts";
import { BLANK, contentOf } from "./content.ts";
import { TemplateEditor } from "./TemplateEditor.tsx";

/** A new template, or a draft to go on with. */
export function EditorPage() {
  const { template: id = null } = useParams();
  const scales = useScales();
  const template = useTemplate(id ?? "", id !== null);
  const me = useMe();
  const text = useText();
  // The first save gives the template an address; the editor stays as it is, with its cursor.
  const [created, noteCreated] = useState<string | null>(null);
  const failed = [scales, template].find((query) => query.isError);
  if (failed) return <FailedPage error={failed.error} onAgain={() => void failed.refetch()} />;
  if (!scales.data || (id !== null && !template.data)) return <Waiting rows={6} />;
  if (id === null && me.data && !me.data.may.build_templates) {
    return (
      <Stack>
        <PageTitle>{text("editor.not-allowed")}</PageTitle>
        <Empty icon={IconLock} teach="problem.role-may-not" />
      </Stack>
    );
  }
  const stored = id === null ? null : (template.data ?? null);
  return <TemplateEditor key={id === null || id === created ? "new" : id} stored={stored} saved={stored ? contentOf(stored.body) : BLANK} scales={scales.data} onCreated={noteCreated} />;
}
