import { useRef, useState, type PointerEvent } from "react";
import { placeItem, type Structure } from "./structure.ts";

/** How far a height is from an element; 0 beside it. */
function away(y: number, element: HTMLElement): number {
  const { top, bottom } = element.getBoundingClientRect();
  return Math.max(0, top - y, y - bottom);
}

/** The spot nearest to a height: which section, and before which of its items. */
function spotAt(y: number, dragged: string): { section: string; place: number } | null {
  const [section] = [...document.querySelectorAll<HTMLElement>("[data-section]")].sort((one, other) => away(y, one) - away(y, other));
  if (!section?.dataset["section"]) return null;
  const others = [...section.querySelectorAll<HTMLElement>("[data-item]")].filter((item) => item.dataset["item"] !== dragged);
  const place = others.filter((item) => {
    const { top, height } = item.getBoundingClientRect();
    return y > top + height / 2;
  }).length;
  return { section: section.dataset["section"], place };
}

/** Dragging an item by its handle, with mouse, finger or pen; the structure follows while the pointer moves. */
export function useDragging(structure: Structure, change: (structure: Structure) => void) {
  const [dragged, setDragged] = useState<string | null>(null);
  const last = useRef("");

  const handle = (id: string) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDragged(id);
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (dragged !== id) return;
      const spot = spotAt(event.clientY, id);
      if (!spot || `${spot.section}/${spot.place}` === last.current) return;
      last.current = `${spot.section}/${spot.place}`;
      change(placeItem(structure, id, spot.section, spot.place));
    },
    onPointerUp: () => setDragged(null),
    onPointerCancel: () => setDragged(null),
  });

  return { dragged, handle };
}
