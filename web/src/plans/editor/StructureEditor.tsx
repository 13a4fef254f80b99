import { ActionIcon, Button, Group, Paper, Stack, TextInput, VisuallyHidden } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useSay } from "../../feedback/Notices.tsx";
import { Text, useText } from "../../i18n/text.tsx";
import classes from "./editor.module.css";
import { ItemEditor } from "./ItemEditor.tsx";
import { addItem, addSection, changeItem, moveItem, moveSection, placeOf, removeItem, removeSection, renameSection, type Structure } from "./structure.ts";
import { useDragging } from "./useDragging.ts";

interface Props {
  structure: Structure;
  scales: { value: string; label: string }[];
  /** The scale that a new item starts with. */
  standard: string | null;
  errorAt: (pointer: string) => string | undefined;
  onChange: (structure: Structure) => void;
}

const newId = () => crypto.randomUUID();

/** Sections and items in their order, to be typed, dragged, or moved with the arrow keys. */
export function StructureEditor({ structure, scales, standard, errorAt, onChange }: Props) {
  const text = useText();
  const say = useSay();
  const { dragged, handle } = useDragging(structure, onChange);
  const [moved, tellMove] = useState("");
  const refocus = useRef<string | null>(null);

  // An item that changes its section is drawn anew; its handle keeps the focus all the same.
  useEffect(() => {
    if (!refocus.current) return;
    document.querySelector<HTMLElement>(`[data-handle="${CSS.escape(refocus.current)}"]`)?.focus();
    refocus.current = null;
  });

  const move = (id: string, by: -1 | 1) => {
    const next = moveItem(structure, id, by);
    const spot = placeOf(next, id);
    refocus.current = id;
    onChange(next);
    if (spot) tellMove(text("editor.moved", { place: spot.place, of: spot.of, section: spot.section || text("editor.untitled-section") }));
  };
  const drop = (next: Structure, said: string) => {
    const before = structure;
    onChange(next);
    say(said, () => onChange(before));
  };

  return (
    <Stack gap="md">
      <VisuallyHidden role="status">{moved}</VisuallyHidden>
      {structure.map((section, s) => {
        const name = section.title || text("editor.untitled-section");
        return (
          <Paper key={section.id} withBorder p="sm" data-section={section.id} component="section" aria-label={name}>
            <Group gap="xs" wrap="nowrap" align="flex-start" mb="xs">
              <TextInput
                flex={1}
                fw={600}
                aria-label={text("editor.section-title")}
                placeholder={text("editor.section-title")}
                value={section.title}
                error={errorAt(`/sections/${s}/title`)}
                onChange={(event) => onChange(renameSection(structure, section.id, event.currentTarget.value))}
              />
              <ActionIcon variant="subtle" color="gray" disabled={s === 0} aria-label={text("editor.section-up", { section: name })} onClick={() => onChange(moveSection(structure, section.id, -1))}>
                <IconArrowUp size={18} />
              </ActionIcon>
              <ActionIcon
                variant="subtle"
                color="gray"
                disabled={s === structure.length - 1}
                aria-label={text("editor.section-down", { section: name })}
                onClick={() => onChange(moveSection(structure, section.id, 1))}
              >
                <IconArrowDown size={18} />
              </ActionIcon>
              <ActionIcon variant="subtle" color="gray" aria-label={text("editor.remove-section", { section: name })} onClick={() => drop(removeSection(structure, section.id), text("editor.removed", { name }))}>
                <IconTrash size={18} />
              </ActionIcon>
            </Group>
            <div className={classes["items"]}>
              {section.items.map((item, i) => (
                <ItemEditor
                  key={item.id}
                  item={item}
                  scales={scales}
                  titleError={errorAt(`/sections/${s}/items/${i}/title`)}
                  dragging={dragged === item.id}
                  handle={handle(item.id)}
                  onMove={(by) => move(item.id, by)}
                  onChange={(change) => onChange(changeItem(structure, item.id, change))}
                  onRemove={() => drop(removeItem(structure, item.id), text("editor.removed", { name: item.title || text("editor.untitled-item") }))}
                />
              ))}
            </div>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconPlus size={16} />}
              onClick={() => onChange(addItem(structure, section.id, { id: newId(), stored: null, title: "", guidance: "", scale: standard }))}
            >
              <Text id="editor.add-item" />
            </Button>
          </Paper>
        );
      })}
      <Group>
        <Button variant="light" leftSection={<IconPlus size={16} />} onClick={() => onChange(addSection(structure, newId()))}>
          <Text id="editor.add-section" />
        </Button>
      </Group>
    </Stack>
  );
}
