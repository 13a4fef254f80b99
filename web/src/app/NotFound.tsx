import { Button } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link } from "react-router";
import { Empty } from "../feedback/Empty.tsx";
import { Text } from "../i18n/text.tsx";

export function NotFound() {
  return (
    <Empty icon={IconMapOff} title="app.no-page" teach="app.no-page-teach">
      <Button component={Link} to="/plans" variant="default">
        <Text id="nav.to-plans" />
      </Button>
    </Empty>
  );
}
