import { Button, Group, Modal, Text as Paragraph } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { RefObject } from "react";
import { useSay } from "../feedback/Notices.tsx";
import { useProblemText } from "../feedback/problemText.ts";
import { Text, useText, type MessageId } from "../i18n/text.tsx";
import { useAssign, useMovePlan, type PlanMove } from "./queries.ts";

const DONE: Record<PlanMove, MessageId> = { complete: "plan.completed-said", remove: "plan.removed-said", reactivate: "plan.reactivated-said" };

/** What ends or reopens a plan, each with its way back.
 *  `returnTo` gets the focus back from the dialog where what opened it is gone by then, as a menu's entry is.
 */
export function usePlanMoves(plan: string, name: string | null, returnTo?: RefObject<HTMLElement | null>) {
  const text = useText();
  const say = useSay();
  const problem = useProblemText();
  const [asking, { open, close }] = useDisclosure(false);
  const change = useMovePlan(plan);
  const assign = useAssign(plan.slice(0, plan.indexOf(".")));
  const who = name ?? text("person.no-name");

  const failed = (error: Error) => say(problem(error));
  const go = (move: PlanMove, back: PlanMove | null) =>
    change.mutate(move, {
      onSuccess: (after) => {
        // Nothing had been saved on it, so the assignment is gone (P34): the way back is to assign again.
        const gone = move === "remove" && Object.keys(after.items).length === 0;
        const undo = gone ? () => assign.mutate({ students: [after.student.id] }, { onError: failed }) : back ? () => go(back, null) : undefined;
        say(text(DONE[move], { name: who }), undo);
      },
      onError: failed,
    });

  const dialog = (
    <Modal opened={asking} onClose={close} {...(returnTo && { returnFocus: false, onExitTransitionEnd: () => returnTo.current?.focus() })} title={text("plan.remove-title", { name: who })} closeButtonProps={{ "aria-label": text("action.close") }}>
      <Paragraph>{text("plan.remove-explained")}</Paragraph>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={close}>
          <Text id="action.cancel" />
        </Button>
        <Button
          color="red.9"
          onClick={() => {
            close();
            go("remove", "reactivate");
          }}
        >
          <Text id="plan.remove" />
        </Button>
      </Group>
    </Modal>
  );
  return { complete: () => go("complete", "reactivate"), reactivate: () => go("reactivate", null), remove: open, dialog };
}
