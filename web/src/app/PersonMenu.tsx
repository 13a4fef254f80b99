import { Box, Button, Menu, useDirection, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconChevronDown, IconLogout, IconUserCircle } from "@tabler/icons-react";
import { forgetDrafts } from "../feedback/useDraft.ts";
import { LANGUAGES, type Language } from "../i18n/languages.ts";
import { useLanguage } from "../i18n/Languages.tsx";
import { Text, useText, type MessageId } from "../i18n/text.tsx";
import { personName, signOut } from "../sign-in/session.ts";
import { keepDirection, type Direction } from "./direction.ts";

type Scheme = "light" | "dark" | "auto";

const SCHEMES: { scheme: Scheme; label: MessageId }[] = [
  { scheme: "light", label: "person.light" },
  { scheme: "dark", label: "person.dark" },
  { scheme: "auto", label: "person.as-system" },
];

/** The person: how the application looks to them, and the way out. */
export function PersonMenu() {
  const text = useText();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { dir, setDirection } = useDirection();
  const { language, choose } = useLanguage();
  const name = personName() ?? text("person.menu");
  const turn = (direction: Direction) => {
    keepDirection(direction);
    setDirection(direction);
  };
  return (
    <Menu position="bottom-end" width={240} checkIcon={<IconCheck size={16} />}>
      <Menu.Target>
        <Button variant="subtle" color="gray" px="xs" aria-label={name} leftSection={<IconUserCircle size={20} />} rightSection={<IconChevronDown size={14} />}>
          <Box component="span" visibleFrom="sm">
            {name}
          </Box>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{text("person.language")}</Menu.Label>
        <Menu.RadioGroup value={language} onChange={(tag) => choose(tag as Language)}>
          {(Object.keys(LANGUAGES) as Language[]).map((tag) => (
            <Menu.RadioItem key={tag} value={tag} lang={tag}>
              {LANGUAGES[tag].label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{text("person.direction")}</Menu.Label>
        <Menu.RadioGroup value={dir} onChange={(direction) => turn(direction as Direction)}>
          <Menu.RadioItem value="ltr">{text("person.left-to-right")}</Menu.RadioItem>
          <Menu.RadioItem value="rtl">{text("person.right-to-left")}</Menu.RadioItem>
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{text("person.theme")}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(scheme) => setColorScheme(scheme as Scheme)}>
          {SCHEMES.map(({ scheme, label }) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {text(label)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => {
            forgetDrafts();
            void signOut();
          }}>
          <Text id="person.sign-out" />
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
