import { Button, Center } from "@mantine/core";
import { Text } from "../i18n/text.tsx";

interface Props {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}

/** The next part of a list that is longer than what is shown. */
export function LoadMore({ query }: Props) {
  if (!query.hasNextPage) return null;
  return (
    <Center py="sm">
      <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        <Text id="action.load-more" />
      </Button>
    </Center>
  );
}
