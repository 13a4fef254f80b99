import { ActionIcon, Menu } from "@mantine/core";
import { IconCircleCheck, IconDots, IconRotate, IconUserMinus } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useText } from "../i18n/text.tsx";
import { usePlanMoves } from "./usePlanMoves.tsx";

interface Props {
  plan: string;
  name: string | null;
  may: { complete: boolean; remove: boolean; reactivate: boolean };
}

/** Completing, removing and reactivating one student's plan from its row. A list has many rows: the menu is built when it is first opened. */
export function PlanMenu(props: Props) {
  const text = useText();
  const [built, build] = useState(false);
  const { name, may } = props;
  const label = text("students.actions-for", { name: name ?? text("person.no-name") });
  if (!may.complete && !may.remove && !may.reactivate) return null;
  if (built) return <BuiltMenu {...props} label={label} />;
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} aria-haspopup="menu" aria-expanded={false} onClick={() => build(true)}>
      <IconDots size={18} />
    </ActionIcon>
  );
}

function BuiltMenu({ plan, name, may, label }: Props & { label: string }) {
  const text = useText();
  const target = useRef<HTMLButtonElement>(null);
  const { complete, remove, reactivate, dialog } = usePlanMoves(plan, name, target);
  return (
    <>
      <Menu position="bottom-end" defaultOpened>
        <Menu.Target>
          <ActionIcon ref={target} variant="subtle" color="gray" aria-label={label}>
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
