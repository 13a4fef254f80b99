import { all, body, given, useList, useView } from "../api/calls.ts";
import { rosterGetStudent, rosterListSections, rosterListStudents, rosterMe, rosterSectionStudents } from "../client/sdk.gen.ts";

const once = { throwOnError: true } as const;

/** Who is asking, and what that person may do. */
export const useMe = () => useView(["me"], () => body(rosterMe(once)));

/** The classes that the person teaches, or that are in the person's schools. */
export const useSections = (enabled = true) => useView(["sections"], () => all((cursor) => body(rosterListSections({ ...once, query: given({ cursor, limit: 200 }) }))), { enabled });

export const useSectionStudents = (section: string | null) =>
  useView(["section", section], () => all((cursor) => body(rosterSectionStudents({ ...once, path: { section: section ?? "" }, query: given({ cursor, limit: 200 }) }))), { enabled: section !== null });

export const useStudentSearch = (filter: { search: string }, enabled = true) =>
  useList(["people", filter], (cursor) => body(rosterListStudents({ ...once, query: given({ ...filter, cursor }) })), enabled);

export const useStudent = (student: string) => useView(["person", student], () => body(rosterGetStudent({ ...once, path: { student } })));
