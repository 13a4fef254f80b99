import { Button, Stack } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link } from "react-router";
import { Empty } from "../feedback/Empty.tsx";
import { Text, useText } from "../i18n/text.tsx";
import { PageTitle } from "./PageTitle.tsx";

export function NotFound() {
  const text = useText();
  return (
    <Stack>
      <PageTitle>{text("app.no-page")}</PageTitle>
      <Empty icon={IconMapOff} teach="app.no-page-teach">
        <Button component={Link} to="/plans" variant="default">
          <Text id="nav.to-plans" />
        </Button>
      </Empty>
    </Stack>
  );
}
