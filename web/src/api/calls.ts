/** The shapes in which pages ask and write. */
import { useInfiniteQuery, useMutation, useQuery, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useRef } from "react";
import "./connect.ts";
import { Problem } from "./problem.ts";
import { sameSubject } from "./subject.ts";

interface Answer<T> {
  data: T;
  response: Response;
}

/** An answer with its version, for a later If-Match. */
export interface Versioned<T> {
  body: T;
  etag: string;
}

export const body = async <T>(answer: Promise<Answer<T>>): Promise<T> => (await answer).data;

export async function versioned<T>(answer: Promise<Answer<T>>): Promise<Versioned<T>> {
  const { data, response } = await answer;
  return { body: data, etag: response.headers.get("ETag") ?? "" };
}

/** A view that has not folded the newest write yet is asked again soon. */
const SOON = 700;

/** Figures that others change too are asked again at this pace; an unchanged one costs a 304. */
export const LIVE = 20_000;

type Behind = { behind?: boolean } | undefined;

/** One answer of a view. */
export function useView<T>(key: QueryKey, ask: () => Promise<T>, options: { enabled?: boolean; live?: boolean } = {}) {
  return useQuery({
    queryKey: key,
    queryFn: ask,
    enabled: options.enabled ?? true,
    placeholderData: (before, query) => (query && sameSubject(query.queryKey, key) ? before : undefined),
    refetchInterval: (query) => ((query.state.data as Behind)?.behind ? SOON : options.live ? LIVE : false),
  });
}

interface Page<Item> {
  items: Item[];
  next: string | null;
  behind?: boolean;
}

/** A list that comes in pages. */
export function useList<Item, P extends Page<Item>>(key: QueryKey, ask: (cursor: string | undefined) => Promise<P>, enabled = true) {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => ask(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    enabled,
    placeholderData: (before, query) => (query && sameSubject(query.queryKey, key) ? before : undefined),
    refetchInterval: (query) => (query.state.data?.pages.some((page) => page.behind) ? SOON : false),
  });
}

/** Every page of a list that is short by nature. */
export async function all<Item>(ask: (cursor: string | undefined) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(cursor);
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor);
  return items;
}

/** A write. The same wish keeps its Idempotency-Key until it has succeeded, so that pressing again after a lost answer does not do it twice. */
export function useWrite<Wish, Result>(send: (wish: Wish, key: string) => Promise<Result>) {
  const client = useQueryClient();
  const pending = useRef({ wish: "", key: "", begun: 0 });
  return useMutation({
    mutationFn: (wish: Wish) => {
      const text = JSON.stringify(wish);
      if (pending.current.wish !== text || !pending.current.key) pending.current = { wish: text, key: crypto.randomUUID(), begun: Date.now() };
      return send(wish, pending.current.key);
    },
    onSuccess: () => {
      const { begun } = pending.current;
      pending.current = { wish: "", key: "", begun: 0 };
      // What an earlier page knew from before this write must not come back on the next one, not even for a moment.
      client.removeQueries({ type: "inactive", predicate: ({ state }) => state.dataUpdatedAt <= begun });
      // Everything shown is read anew, each with the position of this write; the save itself does not wait for that.
      void client.invalidateQueries();
    },
    onError: (error) => {
      // Somebody was faster: show what stands there now.
      if (error instanceof Problem && error.status === 412) void client.invalidateQueries();
    },
  });
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The values that are really there: empty text and empty lists are left out of the question. */
export function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0))) as Given<T>;
}
