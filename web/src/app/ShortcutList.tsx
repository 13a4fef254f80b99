import { Kbd, Switch, Table } from "@mantine/core";
import { useText, type MessageId } from "../i18n/text.tsx";

const LIST: { keys: string[]; does: MessageId }[] = [
  { keys: ["?"], does: "shortcuts.help" },
  { keys: ["Ctrl", "K"], does: "search.title" },
  { keys: ["/"], does: "shortcuts.search" },
  { keys: ["g", "p"], does: "shortcuts.plans" },
  { keys: ["g", "s"], does: "shortcuts.settings" },
  { keys: ["←", "→"], does: "shortcuts.chart" },
  { keys: ["Enter"], does: "shortcuts.act" },
  { keys: ["Esc"], does: "shortcuts.close" },
];

export default function ShortcutList({ on, onSwitch }: { on: boolean; onSwitch: (on: boolean) => void }) {
  const text = useText();
  return (
    <>
      <Table>
        <Table.Tbody>
          {LIST.map(({ keys, does }) => (
            <Table.Tr key={does}>
              <Table.Td>
                {keys.map((key) => (
                  <Kbd key={key} me={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{text(does)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Switch mt="md" checked={on} onChange={(event) => onSwitch(event.currentTarget.checked)} label={text("shortcuts.single-keys")} />
    </>
  );
}
