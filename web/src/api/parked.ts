/** Whether a read told (`Waymark-Parked`) that a write of this page is kept but cannot be shown until somebody has mended a view. */
import { useSyncExternalStore } from "react";

let parked = false;
const listeners = new Set<() => void>();

/** A read tells; a save, or the person, clears it: the reads after a save tell anew. */
export function setParked(told: boolean): void {
  if (told === parked) return;
  parked = told;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useParked = () => useSyncExternalStore(subscribe, () => parked);
