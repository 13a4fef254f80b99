import { useMutation } from "@tanstack/react-query";
import { all, body, given, useList, useView } from "../api/calls.ts";
import { after } from "../api/positions.ts";
import { reportingItemHistory, reportingListBars, reportingSegmentStudents, reportingStudentsCsv, reportingTemplateBars, reportingTemplateFilters } from "../client/sdk.gen.ts";
import type { ReportingBar, ReportingItemHistory, ReportingLevelsBar } from "../client/types.gen.ts";
import type { GroupFilter } from "./useGroupFilter.ts";

export type Bar = ReportingBar;
export type LevelsBar = ReportingLevelsBar;
export type History = ReportingItemHistory;

const once = { throwOnError: true } as const;

/** The overall bar of every published template, by template. */
export const useOverallBars = (enabled: boolean) =>
  useView(
    ["bars"],
    async () => {
      const rows = await all((cursor) => body(reportingListBars({ ...once, query: given({ cursor, after: after() }) })));
      return new Map(rows.map(({ template, bar }) => [template.id, bar]));
    },
    { enabled, live: true },
  );

export const useBars = (template: string, filter: { [K in keyof GroupFilter]: GroupFilter[K] | undefined }) =>
  useView(["bars", template, filter], () => body(reportingTemplateBars({ ...once, path: { template }, query: given({ ...filter, after: after() }) })), { live: true });

export const useSegmentStudents = (template: string, item: string, segment: string, filter: GroupFilter) =>
  useList(["segment", template, item, segment, filter], (cursor) => body(reportingSegmentStudents({ ...once, path: { template, item }, query: { ...given({ ...filter, cursor, after: after() }), segment } })));

export const useHistory = (plan: string, item: string, enabled: boolean) =>
  useView(["history", plan, item], () => body(reportingItemHistory({ ...once, path: { plan, item }, query: given({ after: after() }) })), { enabled });

export const useFilters = (template: string) => useView(["filters", template], () => body(reportingTemplateFilters({ ...once, path: { template } })));

/** The students list as a file, of just those whom the filter shows. */
export const useStudentsFile = (template: string) =>
  useMutation({
    mutationFn: async (filter: GroupFilter) => (await body(reportingStudentsCsv({ ...once, path: { template }, query: given({ ...filter, after: after() }), parseAs: "blob" }))) as unknown as Blob,
  });
