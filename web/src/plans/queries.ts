import { useQueryClient } from "@tanstack/react-query";
import { all, body, given, useList, useView, useWrite, versioned, type Versioned } from "../api/calls.ts";
import { after } from "../api/positions.ts";
import {
  plansAssignStudents,
  plansCloneTemplate,
  plansCompletePlan,
  plansCreateScale,
  plansCreateTemplate,
  plansGetPlan,
  plansGetScale,
  plansGetTemplate,
  plansHideItem,
  plansListPlans,
  plansListScales,
  plansListStudents,
  plansListTemplates,
  plansPublishTemplate,
  plansReactivatePlan,
  plansRemoveStudent,
  plansReviseScale,
  plansReviseTemplate,
  plansShowItem,
  plansUpdateItem,
} from "../client/sdk.gen.ts";
import type { PlansAssignedView, PlansListStudentsData, PlansListTemplatesData, PlansPlanView, PlansScaleBody, PlansScaleView, PlansTemplateBody, PlansTemplateView } from "../client/types.gen.ts";
import type { Scale } from "./scale.ts";

/** A scale as the pages draw it: what its kind needs, and nothing that may be missing. */
export function scaleFrom({ title, kind, levels, minimum, maximum }: PlansScaleView): Scale {
  return kind === "levels" ? { kind, title, levels: levels ?? [] } : { kind, title, minimum: minimum ?? 0, maximum: maximum ?? 0 };
}

export type Plan = PlansPlanView;
export type Template = PlansTemplateView;
export type Content = PlansTemplateBody;
export type Assigned = PlansAssignedView;

const once = { throwOnError: true } as const;
const keyed = (key: string) => ({ "Idempotency-Key": key });
const matching = (etag: string, key: string) => ({ "If-Match": etag, ...keyed(key) });

export const useScales = () =>
  useView(["scales"], async () => (await all((cursor) => body(plansListScales({ ...once, query: given({ cursor, after: after() }) })))).map((scale) => ({ id: scale.id, ...scaleFrom(scale) })));

export const useScaleVersion = (id: string | null) => useView(["scale", id], () => versioned(plansGetScale({ ...once, path: { scale: id ?? "" } })), { enabled: id !== null });

export interface ScaleWish {
  /** Null for a new one. */
  id: string | null;
  etag: string;
  scale: PlansScaleBody;
}

export const useSaveScale = () =>
  useWrite(({ id, etag, scale }: ScaleWish, key) =>
    body(id === null ? plansCreateScale({ ...once, body: scale, headers: keyed(key) }) : plansReviseScale({ ...once, path: { scale: id }, body: scale, headers: matching(etag, key) })),
  );

type TemplateFilter = Omit<NonNullable<PlansListTemplatesData["query"]>, "cursor" | "limit" | "after">;

export const useTemplates = (filter: TemplateFilter, enabled = true) =>
  useList(["templates", filter], (cursor) => body(plansListTemplates({ ...once, query: given({ ...filter, cursor, after: after() }) })), enabled);

const templateKey = (id: string) => ["template", id];

export const useTemplate = (id: string, enabled = true) => useView(templateKey(id), () => versioned(plansGetTemplate({ ...once, path: { template: id } })), { enabled });

/** Reads what stands there now, past every cache: what a conflict is shown against. */
export const newestTemplate = (id: string) => versioned(plansGetTemplate({ ...once, path: { template: id } }));

export interface TemplateWish {
  /** Null for a new draft. */
  id: string | null;
  etag: string;
  content: Content;
}

export function useSaveTemplate() {
  const client = useQueryClient();
  return useWrite(async ({ id, etag, content }: TemplateWish, key) => {
    const saved = await versioned(
      id === null ? plansCreateTemplate({ ...once, body: content, headers: keyed(key) }) : plansReviseTemplate({ ...once, path: { template: id }, body: content, headers: matching(etag, key) }),
    );
    client.setQueryData(templateKey(saved.body.id), saved);
    return saved;
  });
}

export const usePublishTemplate = (id: string) => useWrite(({ etag }: { etag: string }, key) => body(plansPublishTemplate({ ...once, path: { template: id }, headers: matching(etag, key) })));

export const useCloneTemplate = () => useWrite((id: string, key) => body(plansCloneTemplate({ ...once, path: { template: id }, headers: keyed(key) })));

type StudentFilter = Omit<NonNullable<PlansListStudentsData["query"]>, "cursor" | "limit" | "after">;

export const useStudents = (template: string, filter: StudentFilter) =>
  useList(["students", template, filter], (cursor) => body(plansListStudents({ ...once, path: { template }, query: given({ ...filter, cursor, limit: 100, after: after() }) })));

export type StudentsQuery = ReturnType<typeof useStudents>;

export const useAssign = (template: string) => useWrite((wish: { students: string[] }, key) => body(plansAssignStudents({ ...once, path: { template }, body: wish, headers: keyed(key) })));

const planKey = (id: string) => ["plan", id];

export const usePlan = (id: string) => useView(planKey(id), () => versioned(plansGetPlan({ ...once, path: { plan: id } })));

export const usePlansOf = (student: string) => useView(["plans-of", student], () => all((cursor) => body(plansListPlans({ ...once, path: { student }, query: given({ cursor, after: after() }) }))));

/** What a write answers is the plan as it now is: the page shows it at once. */
function usePlanWrite<Wish>(plan: string, send: (wish: Wish, key: string) => Promise<{ data: Plan; response: Response }>) {
  const client = useQueryClient();
  return useWrite(async (wish: Wish, key) => {
    const answer = await versioned(send(wish, key));
    client.setQueryData(planKey(plan), answer);
    return answer.body;
  });
}

export interface ItemUpdate {
  value: number | string;
  note?: string;
  effective?: string;
}

export const useUpdateItem = (plan: string, item: string) => usePlanWrite(plan, (update: ItemUpdate, key) => plansUpdateItem({ ...once, path: { plan, item }, body: update, headers: keyed(key) }));

export const useHide = (plan: string) =>
  usePlanWrite(plan, ({ item, hidden }: { item: string; hidden: boolean }, key) => {
    const wish = { ...once, path: { plan, item }, headers: keyed(key) };
    return hidden ? plansHideItem(wish) : plansShowItem(wish);
  });

export type PlanMove = "complete" | "remove" | "reactivate";

const MOVES = { complete: plansCompletePlan, remove: plansRemoveStudent, reactivate: plansReactivatePlan };

/** Completing, removing, reactivating: on the version that the person has seen; from a list, on the one that stands there now. */
export function useMovePlan(plan: string) {
  const client = useQueryClient();
  return usePlanWrite(plan, async (move: PlanMove, key) => {
    const seen = client.getQueryData<Versioned<Plan>>(planKey(plan));
    const { etag } = seen ?? (await versioned(plansGetPlan({ ...once, path: { plan } })));
    return MOVES[move]({ ...once, path: { plan }, headers: matching(etag, key) });
  });
}
