import { DirectionProvider, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { BrowserRouter } from "react-router";
import { queries } from "../api/queries.ts";
import { Notices } from "../feedback/Notices.tsx";
import { Languages } from "../i18n/Languages.tsx";
import { theme, variables } from "../theme.ts";
import { chosenDirection } from "./direction.ts";
import { Pages } from "./Pages.tsx";

export function App() {
  return (
    <DirectionProvider initialDirection={chosenDirection()} detectDirection={false}>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
        <Languages>
          <QueryClientProvider client={queries}>
            <BrowserRouter>
              <Notices>
                <Pages />
              </Notices>
            </BrowserRouter>
          </QueryClientProvider>
        </Languages>
      </MantineProvider>
    </DirectionProvider>
  );
}
