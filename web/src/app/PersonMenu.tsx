import { Box, Button, Menu, useDirection, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconChevronDown, IconLogout, IconUserCircle } from "@tabler/icons-react";
import { forgetDrafts } from "../feedback/useDraft.ts";
import { LANGUAGES, type Language } from "../i18n/languages.ts";
import { useLanguage } from "../i18n/Languages.tsx";
import { Text, useText, type MessageId } from "../i18n/text.tsx";
import { personName, signOut } from "../sign-in/session.ts";
import { keepDirection } from "./direction.ts";

interface ChoiceProps {
  label: string;
  chosen: boolean;
  onChoose: () => void;
  lang?: string;
}

function Choice({ label, chosen, onChoose, lang }: ChoiceProps) {
  return (
    <Menu.Item role="menuitemradio" aria-checked={chosen} lang={lang} leftSection={<IconCheck size={16} style={{ visibility: chosen ? "visible" : "hidden" }} />} onClick={onChoose}>
      {label}
    </Menu.Item>
  );
}

const SCHEMES: { scheme: "light" | "dark" | "auto"; label: MessageId }[] = [
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
  const turn = (direction: "ltr" | "rtl") => {
    keepDirection(direction);
    setDirection(direction);
  };
  return (
    <Menu position="bottom-end" width={240} closeOnItemClick={false}>
      <Menu.Target>
        <Button variant="subtle" color="gray" px="xs" aria-label={name} leftSection={<IconUserCircle size={20} />} rightSection={<IconChevronDown size={14} />}>
          <Box component="span" visibleFrom="sm">
            {name}
          </Box>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{text("person.language")}</Menu.Label>
        {(Object.keys(LANGUAGES) as Language[]).map((tag) => (
          <Choice key={tag} lang={tag} label={LANGUAGES[tag].label} chosen={language === tag} onChoose={() => choose(tag)} />
        ))}
        <Menu.Divider />
        <Menu.Label>{text("person.direction")}</Menu.Label>
        <Choice label={text("person.left-to-right")} chosen={dir === "ltr"} onChoose={() => turn("ltr")} />
        <Choice label={text("person.right-to-left")} chosen={dir === "rtl"} onChoose={() => turn("rtl")} />
        <Menu.Divider />
        <Menu.Label>{text("person.theme")}</Menu.Label>
        {SCHEMES.map(({ scheme, label }) => (
          <Choice key={scheme} label={text(label)} chosen={colorScheme === scheme} onChoose={() => setColorScheme(scheme)} />
        ))}
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
