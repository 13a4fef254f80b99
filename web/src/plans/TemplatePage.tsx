import { Button, Group, Stack, Tabs } from "@mantine/core";
import { IconDownload, IconUserPlus } from "@tabler/icons-react";
import { Navigate, Outlet, useLocation, useNavigate, useParams } from "react-router";
import { FailedPage } from "../app/FailedPage.tsx";
import { PageTitle } from "../app/PageTitle.tsx";
import { useFilter } from "../app/useFilter.ts";
import { saveFile } from "../charts/csv.ts";
import { useSay } from "../feedback/Notices.tsx";
import { useProblemText } from "../feedback/problemText.ts";
import { Waiting } from "../feedback/Waiting.tsx";
import { Text, useText } from "../i18n/text.tsx";
import { useStudentsFile } from "../reporting/queries.ts";
import { useGroupFilter } from "../reporting/useGroupFilter.ts";
import { AddStudents } from "./AddStudents.tsx";
import { useTemplate } from "./queries.ts";
import { TemplateMenu } from "./TemplateMenu.tsx";

/** One template: who needs me (students), and which step holds them back (details). */
export function TemplatePage() {
  const { template: id = "" } = useParams();
  const text = useText();
  const say = useSay();
  const problem = useProblemText();
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const { get, set } = useFilter();
  const template = useTemplate(id);
  const file = useStudentsFile(id);
  const filter = useGroupFilter();

  if (template.isPending) return <Waiting rows={6} />;
  if (template.isError) return <FailedPage error={template.error} onAgain={() => void template.refetch()} />;
  const shown = template.data.body;
  if (shown.status === "draft") return <Navigate to={`/plans/${id}/edit`} replace />;

  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <PageTitle>{shown.title}</PageTitle>
        <Group gap="xs" className="no-print">
          {shown.may.assign && (
            <Button leftSection={<IconUserPlus size={18} />} onClick={() => set({ add: "1" })}>
              <Text id="students.add" />
            </Button>
          )}
          <Button
            variant="default"
            leftSection={<IconDownload size={18} />}
            loading={file.isPending}
            onClick={() => file.mutate(filter.values, { onSuccess: (content) => saveFile(`${shown.title}.csv`, content), onError: (error) => say(problem(error)) })}
          >
            <Text id="students.download" />
          </Button>
          <TemplateMenu template={shown} />
        </Group>
      </Group>
      <Tabs value={pathname.endsWith("/details") ? "details" : "students"} onChange={(tab) => void navigate(`/plans/${id}${tab === "details" ? "/details" : ""}${search}`)} keepMounted={false}>
        <Tabs.List aria-label={text("template.views")}>
          <Tabs.Tab value="students">
            <Text id="template.students" />
          </Tabs.Tab>
          <Tabs.Tab value="details">
            <Text id="template.details" />
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={pathname.endsWith("/details") ? "details" : "students"} pt="md">
          <Outlet context={shown} />
        </Tabs.Panel>
      </Tabs>
      {shown.may.assign && <AddStudents template={shown} opened={get("add") === "1"} onClose={() => set({ add: null })} />}
    </Stack>
  );
}
