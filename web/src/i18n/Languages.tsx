import { useLocalStorage } from "@mantine/hooks";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import { IntlProvider } from "react-intl";
import { firstLanguage, LANGUAGES, type Catalogue, type Language } from "./languages.ts";

const LanguageChoice = createContext<{ language: Language; choose: (language: Language) => void }>({ language: "en", choose: () => undefined });

export const useLanguage = () => useContext(LanguageChoice);

/** Loads the chosen catalogue and keeps the one before it on the page until the new one is here. */
export function Languages({ children }: { children: ReactNode }) {
  const [chosen, choose] = useLocalStorage<string | null>({ key: "waymark.language", defaultValue: null, getInitialValueInEffect: false });
  const language = firstLanguage(chosen, navigator.languages);
  const [shown, show] = useState<{ language: Language; messages: Catalogue }>();

  useEffect(() => {
    let current = true;
    void LANGUAGES[language].load().then((messages) => {
      if (current) show({ language, messages });
    });
    return () => {
      current = false;
    };
  }, [language]);

  useEffect(() => {
    if (shown) document.documentElement.lang = shown.language;
  }, [shown]);

  if (!shown) return null;
  return (
    <LanguageChoice value={{ language: shown.language, choose }}>
      <IntlProvider locale={shown.language} messages={shown.messages}>
        {children}
      </IntlProvider>
    </LanguageChoice>
  );
}
