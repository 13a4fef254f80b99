import { IconLock } from "@tabler/icons-react";
import { useState } from "react";
import { useParams } from "react-router";
import { FailedPage } from "../../app/FailedPage.tsx";
import { Empty } from "../../feedback/Empty.tsx";
import { Waiting } from "../../feedback/Waiting.tsx";
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
  // The first save gives the template an address; the editor stays as it is, with its cursor.
  const [created, noteCreated] = useState<string | null>(null);
  const failed = [scales, template].find((query) => query.isError);
  if (failed) return <FailedPage error={failed.error} onAgain={() => void failed.refetch()} />;
  if (!scales.data || (id !== null && !template.data)) return <Waiting rows={6} />;
  if (id === null && me.data && !me.data.may.build_templates) return <Empty icon={IconLock} title="editor.not-allowed" teach="problem.role-may-not" />;
  const stored = id === null ? null : (template.data ?? null);
  return <TemplateEditor key={id === null || id === created ? "new" : id} stored={stored} saved={stored ? contentOf(stored.body) : BLANK} scales={scales.data} onCreated={noteCreated} />;
}
