import { ActionIcon, Menu } from "@mantine/core";
import { IconCopy, IconDots, IconEdit, IconExternalLink, IconUserPlus } from "@tabler/icons-react";
import { Link, useNavigate } from "react-router";
import { useSay } from "../feedback/Notices.tsx";
import { useProblemText } from "../feedback/problemText.ts";
import { Text, useText } from "../i18n/text.tsx";
import { useCloneTemplate } from "./queries.ts";

interface Props {
  template: { id: string; title: string; status: string; may: { edit: boolean; clone: boolean; assign: boolean } };
}

/** What the person may do with a template, from its row. */
export function TemplateMenu({ template }: Props) {
  const text = useText();
  const say = useSay();
  const problem = useProblemText();
  const navigate = useNavigate();
  const clone = useCloneTemplate();
  const { may } = template;
  const cloned = () =>
    clone.mutate(template.id, {
      onSuccess: (copy) => {
        say(text("plans.cloned", { title: template.title }));
        void navigate(`/plans/${copy.id}/edit`);
      },
      onError: (error) => say(problem(error)),
    });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={text("plans.actions-for", { title: template.title })}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {template.status !== "draft" && (
          <Menu.Item component={Link} to={`/plans/${template.id}`} leftSection={<IconExternalLink size={16} />}>
            <Text id="action.open" />
          </Menu.Item>
        )}
        {may.assign && (
          <Menu.Item component={Link} to={`/plans/${template.id}?add=1`} leftSection={<IconUserPlus size={16} />}>
            <Text id="students.add" />
          </Menu.Item>
        )}
        {may.edit && (
          <Menu.Item component={Link} to={`/plans/${template.id}/edit`} leftSection={<IconEdit size={16} />}>
            <Text id="action.edit" />
          </Menu.Item>
        )}
        {may.clone && (
          <Menu.Item leftSection={<IconCopy size={16} />} onClick={cloned}>
            <Text id="action.clone" />
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
