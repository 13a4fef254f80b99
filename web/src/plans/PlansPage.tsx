import { Badge, Button, Group, SegmentedControl, Stack, Table, Text as Paragraph, TextInput, VisuallyHidden } from "@mantine/core";
import { IconListCheck, IconPlus, IconSearch } from "@tabler/icons-react";
import { FormattedDate, FormattedNumber } from "react-intl";
import { Link } from "react-router";
import { Problem } from "../api/problem.ts";
import { PageTitle } from "../app/PageTitle.tsx";
import { useFilter } from "../app/useFilter.ts";
import { useSearchText } from "../app/useSearchText.ts";
import { Wide } from "../app/Wide.tsx";
import { Empty } from "../feedback/Empty.tsx";
import { Failure } from "../feedback/Failure.tsx";
import { Waiting } from "../feedback/Waiting.tsx";
import { Text, useText } from "../i18n/text.tsx";
import { useOverallBars } from "../reporting/queries.ts";
import { ThinBar } from "../reporting/ThinBar.tsx";
import { useMe } from "../roster/queries.ts";
import { LoadMore } from "./LoadMore.tsx";
import { Name } from "./Name.tsx";
import classes from "./plans.module.css";
import { useTemplates } from "./queries.ts";
import { SortHeader } from "./SortHeader.tsx";
import { TemplateMenu } from "./TemplateMenu.tsx";

/** How are our plans going? A row a template. */
export function PlansPage() {
  const text = useText();
  const me = useMe();
  const { oneOf, set } = useFilter();
  const { asked, typed, type } = useSearchText();
  const status = oneOf("status", ["published", "draft"]);
  const sort = oneOf("sort", ["title", "-title", "updated", "-updated"]);
  const builds = me.data?.may.build_templates ?? false;
  const templates = useTemplates({ search: asked, status, sort });
  const bars = useOverallBars(templates.isSuccess);
  const forEducators = templates.error instanceof Problem && templates.error.code === "role-may-not";
  const rows = templates.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <Stack gap="md">
      <Group justify="space-between">
        <PageTitle>{text("plans.title")}</PageTitle>
        {builds && (
          <Button component={Link} to="/plans/new" leftSection={<IconPlus size={18} />}>
            <Text id="plans.new" />
          </Button>
        )}
      </Group>
      {!forEducators && (
        <Group>
          <TextInput
            type="search"
            flex="1 1 14rem"
            maw={420}
            aria-label={text("plans.search")}
            placeholder={text("plans.search")}
            leftSection={<IconSearch size={17} />}
            value={typed}
            onChange={(event) => type(event.currentTarget.value)}
          />
          {builds && (
            <SegmentedControl
              aria-label={text("plans.which")}
              value={status}
              onChange={(value) => set({ status: value === "published" ? null : value })}
              data={[
                { value: "published", label: text("plans.published") },
                { value: "draft", label: text("plans.drafts") },
              ]}
            />
          )}
        </Group>
      )}
      {templates.isPending && <Waiting rows={6} height={44} />}
      {templates.isError && !forEducators && <Failure error={templates.error} onAgain={() => void templates.refetch()} />}
      {forEducators && <Empty icon={IconListCheck} title="plans.educators" teach="plans.educators-teach" />}
      {templates.isSuccess && rows.length === 0 && (
        asked ? (
          <Empty icon={IconSearch} title="plans.none-found" teach="plans.none-found-teach">
            <Button variant="default" onClick={() => set({ search: null })}>
              <Text id="action.clear-search" />
            </Button>
          </Empty>
        ) : status === "draft" ? (
          <Empty icon={IconListCheck} title="plans.no-drafts" teach="plans.no-drafts-teach" />
        ) : (
          <Empty icon={IconListCheck} title="plans.none" teach={builds ? "plans.none-teach-builder" : "plans.none-teach"} />
        )
      )}
      {rows.length > 0 && (
        <Wide label={text("plans.title")}>
          <Table highlightOnHover miw={0}>
            <Table.Thead>
              <Table.Tr>
                <SortHeader field="title" sort={sort} onSort={(next) => set({ sort: next })}>
                  <Text id="plans.column-title" />
                </SortHeader>
                {status === "published" && (
                  <>
                    <Table.Th w="32%">
                      <Text id="plans.column-overall" />
                    </Table.Th>
                    <Table.Th ta="end" visibleFrom="xs">
                      <Text id="plans.column-students" />
                    </Table.Th>
                  </>
                )}
                <SortHeader field="updated" sort={sort} onSort={(next) => set({ sort: next })} visibleFrom="sm">
                  <Text id="plans.column-updated" />
                </SortHeader>
                <Table.Th visibleFrom="md">
                  <Text id="plans.column-creator" />
                </Table.Th>
                <Table.Th w={48}>
                  <VisuallyHidden>{text("plans.column-actions")}</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((template) => (
                <Table.Tr key={template.id}>
                  <Table.Th scope="row" fw={400}>
                    <Link className={classes["link"]} to={template.status === "draft" ? `/plans/${template.id}/edit` : `/plans/${template.id}`}>
                      {template.title}
                    </Link>
                    {template.status === "draft" && (
                      <Badge ms="xs" variant="light" color="gray">
                        <Text id="plans.draft" />
                      </Badge>
                    )}
                    <Paragraph size="xs" c="dimmed">
                      <Text id="plans.size" values={{ sections: template.sections, items: template.items }} />
                    </Paragraph>
                    {status === "published" && (
                      <Paragraph size="xs" hiddenFrom="xs">
                        <Text id="template.students-open" values={{ count: template.students }} />
                      </Paragraph>
                    )}
                  </Table.Th>
                  {status === "published" && (
                    <>
                      <Table.Td>
                        <ThinBar name={template.title} bar={bars.data?.get(template.id)} pending={bars.isPending} />
                      </Table.Td>
                      <Table.Td ta="end" visibleFrom="xs">
                        <FormattedNumber value={template.students} />
                      </Table.Td>
                    </>
                  )}
                  <Table.Td visibleFrom="sm">
                    <FormattedDate value={template.updated} dateStyle="medium" />
                  </Table.Td>
                  <Table.Td visibleFrom="md">
                    <Name person={template.creator} />
                  </Table.Td>
                  <Table.Td>
                    <TemplateMenu template={template} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <LoadMore query={templates} />
        </Wide>
      )}
    </Stack>
  );
}
