/** Where this page's own writes stand, so that no later read is older than they are. */

/** `Waymark-Position: <service>:<partition>:<sequence>` of the newest write to each partition. */
const newest = new Map<string, number>();

/** How long a read still asks for a write: every view has long folded it by then. */
const ASKED_FOR = 120_000;
let lastWrite = 0;

export function noteWrite(position: string | null, now: number): void {
  for (const part of position?.split(",") ?? []) {
    const [, partition, sequence] = /^(.+):(\d+)$/.exec(part.trim()) ?? [];
    if (!partition || !sequence) continue;
    newest.set(partition, Math.max(newest.get(partition) ?? 0, Number(sequence)));
    lastWrite = now;
  }
}

/** What `?after=` asks for, or undefined when nothing was written lately. */
export function after(now: number = Date.now()): string | undefined {
  if (now - lastWrite > ASKED_FOR) newest.clear();
  return newest.size ? [...newest].map(([partition, sequence]) => `${partition}:${sequence}`).join(",") : undefined;
}
