import { useParams } from "react-router";
import { FailedPage } from "../../app/FailedPage.tsx";
import { Waiting } from "../../feedback/Waiting.tsx";
import { useScales, useTemplate } from "../queries.ts";
import { BLANK, contentOf } from "./content.ts";
import { TemplateEditor } from "./TemplateEditor.tsx";

/** A new template, or a draft to go on with. */
export function EditorPage() {
  const { template: id = null } = useParams();
  const scales = useScales();
  const template = useTemplate(id ?? "", id !== null);
  const failed = [scales, template].find((query) => query.isError);
  if (failed) return <FailedPage error={failed.error} onAgain={() => void failed.refetch()} />;
  if (!scales.data || (id !== null && !template.data)) return <Waiting rows={6} />;
  const stored = id === null ? null : (template.data ?? null);
  return <TemplateEditor key={id ?? "new"} stored={stored} saved={stored ? contentOf(stored.body) : BLANK} scales={scales.data} />;
}
