import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import { useFilter } from "./useFilter.ts";

/** How long typing rests before it is asked for. */
const REST = 250;

/** A search field whose text lives in the address. What is typed is on the page at once and in the address when typing rests:
 *  the address is too slow to type into, and letters would be lost.
 */
export function useSearchText(key = "search") {
  const { get, set } = useFilter();
  const { pathname } = useLocation();
  const asked = get(key);
  const [typed, show] = useState(asked);
  /** What was put into the address and has not been seen there yet. */
  const sent = useRef<string[]>([]);

  useEffect(() => {
    const arrived = sent.current.lastIndexOf(asked);
    sent.current = sent.current.slice(arrived + 1);
    // Nothing of what was typed: the address was changed by going back, or by clearing.
    if (arrived < 0) show(asked);
  }, [asked]);

  const send = useDebouncedCallback((text: string) => {
    // On the way to another page already: its address is not this field's.
    if (window.location.pathname !== pathname || text === (sent.current.at(-1) ?? asked)) return;
    sent.current.push(text);
    set({ [key]: text });
  }, REST);

  const type = (text: string) => {
    show(text);
    send(text);
  };
  return { asked, typed, type };
}
