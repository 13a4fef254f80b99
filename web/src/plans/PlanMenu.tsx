import { ActionIcon, Menu } from "@mantine/core";
import { IconCircleCheck, IconDots, IconRotate, IconUserMinus } from "@tabler/icons-react";
import { useText } from "../i18n/text.tsx";
import { usePlanMoves } from "./usePlanMoves.tsx";

interface Props {
  plan: string;
  name: string | null;
  may: { complete: boolean; remove: boolean; reactivate: boolean };
}

/** Completing, removing and reactivating one student's plan, wherever it is listed. */
export function PlanMenu({ plan, name, may }: Props) {
  const text = useText();
  const { complete, remove, reactivate, dialog } = usePlanMoves(plan, name);
  if (!may.complete && !may.remove && !may.reactivate) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={text("students.actions-for", { name: name ?? text("person.no-name") })}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {may.complete && (
            <Menu.Item leftSection={<IconCircleCheck size={16} />} onClick={complete}>
              {text("plan.complete")}
            </Menu.Item>
          )}
          {may.reactivate && (
            <Menu.Item leftSection={<IconRotate size={16} />} onClick={reactivate}>
              {text("plan.reactivate")}
            </Menu.Item>
          )}
          {may.remove && (
            <Menu.Item leftSection={<IconUserMinus size={16} />} onClick={remove}>
              {text("plan.remove")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog}
    </>
  );
}
