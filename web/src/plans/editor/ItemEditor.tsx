import { ActionIcon, Group, Select, Stack, Textarea, TextInput, Tooltip } from "@mantine/core";
import { IconGripVertical, IconTrash } from "@tabler/icons-react";
import type { HTMLAttributes, KeyboardEvent } from "react";
import { useText } from "../../i18n/text.tsx";
import classes from "./editor.module.css";
import type { Item } from "./structure.ts";

interface Props {
  item: Item;
  scales: { value: string; label: string }[];
  titleError: string | undefined;
  dragging: boolean;
  handle: HTMLAttributes<HTMLElement>;
  onMove: (by: -1 | 1) => void;
  onChange: (change: Partial<Omit<Item, "id" | "stored">>) => void;
  onRemove: () => void;
}

const FREE_TEXT = "text";

/** One item of a template: what is judged, how, and what helps to judge it. */
export function ItemEditor({ item, scales, titleError, dragging, handle, onMove, onChange, onRemove }: Props) {
  const text = useText();
  const name = item.title || text("editor.untitled-item");
  const byKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    onMove(event.key === "ArrowUp" ? -1 : 1);
  };
  return (
    <Group data-item={item.id} data-dragging={dragging || undefined} className={classes["item"] ?? ""} align="flex-start" gap="xs" wrap="nowrap">
      <Tooltip label={text("editor.move-hint")}>
        <ActionIcon variant="subtle" color="gray" className={classes["handle"] ?? ""} aria-label={text("editor.move-item", { item: name })} data-handle={item.id} {...handle} onKeyDown={byKey}>
          <IconGripVertical size={18} />
        </ActionIcon>
      </Tooltip>
      <Stack gap={6} flex={1}>
        <Group gap="xs" align="flex-start" wrap="wrap">
          <TextInput
            flex="2 1 12rem"
            aria-label={text("editor.item-title")}
            placeholder={text("editor.item-title")}
            value={item.title}
            error={titleError}
            onChange={(event) => onChange({ title: event.currentTarget.value })}
          />
          <Select
            flex="1 1 9rem"
            aria-label={text("editor.item-scale", { item: name })}
            data={[{ value: FREE_TEXT, label: text("scale.free-text") }, ...scales]}
            value={item.scale ?? FREE_TEXT}
            allowDeselect={false}
            onChange={(value) => onChange({ scale: value === FREE_TEXT ? null : value })}
          />
        </Group>
        <Textarea
          autosize
          minRows={1}
          maxRows={5}
          aria-label={text("editor.item-guidance", { item: name })}
          placeholder={text("editor.guidance-placeholder")}
          value={item.guidance}
          onChange={(event) => onChange({ guidance: event.currentTarget.value })}
        />
      </Stack>
      <ActionIcon variant="subtle" color="gray" aria-label={text("editor.remove-item", { item: name })} onClick={onRemove}>
        <IconTrash size={18} />
      </ActionIcon>
    </Group>
  );
}
