import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** The one accent. Shade 7 on white and shade 3 on the dark surface both pass 4.5:1. */
const accent: MantineColorsTuple = ["#e6f6f8", "#cfeaee", "#9dd5dd", "#6bc0cb", "#43acb9", "#22929f", "#177986", "#0f5f6b", "#0b4a54", "#07343c"];

export const theme = createTheme({
  primaryColor: "accent",
  primaryShade: { light: 7, dark: 6 },
  colors: { accent },
  autoContrast: true,
  defaultRadius: "sm",
  radius: { xs: "3px", sm: "5px", md: "8px", lg: "12px", xl: "20px" },
  spacing: { xs: "0.5rem", sm: "0.75rem", md: "1rem", lg: "1.5rem", xl: "2.25rem" },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans Ethiopic', 'Noto Sans Myanmar', sans-serif",
  headings: { fontWeight: "650", sizes: { h1: { fontSize: "1.5rem", lineHeight: "1.3" }, h2: { fontSize: "1.15rem", lineHeight: "1.35" }, h3: { fontSize: "1rem", lineHeight: "1.4" } } },
  focusRing: "auto",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Table: { defaultProps: { verticalSpacing: "xs", horizontalSpacing: "sm" } },
    // A dialog's head is not the page's banner.
    Modal: { defaultProps: { centered: true, radius: "md", attributes: { header: { role: "presentation" } } }, styles: { title: { fontWeight: 650 } } },
    Drawer: { defaultProps: { position: "right", size: "md", attributes: { header: { role: "presentation" } } }, styles: { title: { fontWeight: 650 } } },
    // The focus goes to the first entry, as it does in any menu; a placeholder of its own would be no entry of the menu.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Badge: { defaultProps: { tt: "none" } },
    Skeleton: { defaultProps: { radius: "sm" } },
  },
});

/** Mantine's own dimmed text, placeholders and errors stay under 4.5:1. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { "--mantine-color-dimmed": "#5b6269", "--mantine-color-placeholder": "#666d74", "--mantine-color-error": "#c92a2a" },
  dark: { "--mantine-color-dimmed": "#a9b0b7", "--mantine-color-placeholder": "#a0a7ae", "--mantine-color-error": "#ff8787" },
});
