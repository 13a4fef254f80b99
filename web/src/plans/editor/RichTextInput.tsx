import { ActionIcon, Box, Group, Input, Tooltip } from "@mantine/core";
import { IconBold, IconItalic, IconLink, IconList, IconListNumbers } from "@tabler/icons-react";
import { useEffect, useId, useRef } from "react";
import { useText, type MessageId } from "../../i18n/text.tsx";
import classes from "./editor.module.css";

interface Props {
  label: string;
  description: string;
  error?: string | undefined;
  value: string;
  onChange: (html: string) => void;
}

const TOOLS: { command: string; label: MessageId; icon: typeof IconBold }[] = [
  { command: "bold", label: "editor.bold", icon: IconBold },
  { command: "italic", label: "editor.italic", icon: IconItalic },
  { command: "insertUnorderedList", label: "editor.bullets", icon: IconList },
  { command: "insertOrderedList", label: "editor.numbers", icon: IconListNumbers },
];

/** Every browser still edits formatted text by these commands, and an editor of our own would weigh more than the rest of the page. */
// eslint-disable-next-line @typescript-eslint/no-deprecated
const format = (command: string, value?: string) => document.execCommand(command, false, value);

/** Text with styles, bullets and links (P3). */
export function RichTextInput({ label, description, error, value, onChange }: Props) {
  const text = useText();
  const id = useId();
  const field = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const element = field.current;
    // What is being typed is never set again under the cursor.
    if (element && element.innerHTML !== value && document.activeElement !== element) element.innerHTML = value;
  }, [value]);

  const link = () => {
    const address = window.prompt(text("editor.link-address"), "https://");
    if (address && /^(https?:|mailto:)/i.test(address)) format("createLink", address);
  };
  const tools = [...TOOLS.map((tool) => ({ ...tool, act: () => format(tool.command) })), { command: "link", label: "editor.link" as const, icon: IconLink, act: link }];

  return (
    <Input.Wrapper label={label} labelElement="div" labelProps={{ id: `${id}-label` }} description={description} error={error}>
      <Box className={classes["rich"] ?? ""}>
        <Group gap={2} role="toolbar" aria-label={text("editor.formatting")} className={classes["tools"] ?? ""}>
          {tools.map(({ command, label: name, icon: Icon, act }) => (
            <Tooltip key={command} label={text(name)}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={text(name)}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => {
                  field.current?.focus();
                  act();
                }}
              >
                <Icon size={17} />
              </ActionIcon>
            </Tooltip>
          ))}
        </Group>
        <div
          ref={field}
          role="textbox"
          tabIndex={0}
          aria-multiline="true"
          aria-labelledby={`${id}-label`}
          aria-invalid={error ? true : undefined}
          contentEditable
          suppressContentEditableWarning
          className={classes["page"]}
          onInput={(event) => onChange(event.currentTarget.innerHTML)}
          onPaste={(event) => {
            event.preventDefault();
            format("insertText", event.clipboardData.getData("text/plain"));
          }}
        />
      </Box>
    </Input.Wrapper>
  );
}
