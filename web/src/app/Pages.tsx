import { lazy, Suspense, type ComponentType } from "react";
import { Navigate, Route, Routes } from "react-router";
import { RequireSignIn } from "../sign-in/RequireSignIn.tsx";
import { CALLBACK } from "../sign-in/session.ts";
import { NotFound } from "./NotFound.tsx";
import { Shell } from "./Shell.tsx";

/** A page loaded when it is first opened. */
const page = <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name) => lazy(async () => ({ default: (await load())[name] }));

const SignedIn = page(() => import("../sign-in/SignedIn.tsx"), "SignedIn");
const PlansPage = page(() => import("../plans/PlansPage.tsx"), "PlansPage");
const studentsTab = () => import("../plans/StudentsTab.tsx");
const TemplatePage = page(() => {
  // Its first tab is needed as soon as the template is there: it is fetched meanwhile.
  void studentsTab();
  return import("../plans/TemplatePage.tsx");
}, "TemplatePage");
const StudentsTab = page(studentsTab, "StudentsTab");
const DetailsTab = page(() => import("../plans/DetailsTab.tsx"), "DetailsTab");
const EditorPage = page(() => import("../plans/editor/EditorPage.tsx"), "EditorPage");
const StudentPlanPage = page(() => import("../plans/StudentPlanPage.tsx"), "StudentPlanPage");
const StudentPage = page(() => import("../students/StudentPage.tsx"), "StudentPage");
const ScalesPage = page(() => import("../settings/ScalesPage.tsx"), "ScalesPage");

export function Pages() {
  return (
    <Routes>
      <Route
        path={CALLBACK}
        element={
          <Suspense>
            <SignedIn />
          </Suspense>
        }
      />
      <Route element={<RequireSignIn />}>
        <Route element={<Shell />}>
          <Route index element={<Navigate to="/plans" replace />} />
          <Route path="plans" element={<PlansPage />} />
          <Route path="plans/new" element={<EditorPage />} />
          <Route path="plans/:template" element={<TemplatePage />}>
            <Route index element={<StudentsTab />} />
            <Route path="details" element={<DetailsTab />} />
          </Route>
          <Route path="plans/:template/edit" element={<EditorPage />} />
          <Route path="plans/:template/students/:student" element={<StudentPlanPage />} />
          <Route path="students/:student" element={<StudentPage />} />
          <Route path="settings" element={<Navigate to="/settings/scales" replace />} />
          <Route path="settings/scales" element={<ScalesPage />} />
          <Route path="*" element={<NotFound />} />
        </Route>
      </Route>
    </Routes>
  );
}
