import { IconAdjustments, IconListCheck } from "@tabler/icons-react";
import { Suspense, useRef } from "react";
import { Link, NavLink, Outlet, useLocation } from "react-router";
import { Failure } from "../feedback/Failure.tsx";
import { Parked } from "../feedback/Parked.tsx";
import { Waiting } from "../feedback/Waiting.tsx";
import { Text, useText } from "../i18n/text.tsx";
import { useMe } from "../roster/queries.ts";
import { signOut } from "../sign-in/session.ts";
import { PageBoundary } from "./PageBoundary.tsx";
import { PersonMenu } from "./PersonMenu.tsx";
import { Search } from "./Search.tsx";
import classes from "./Shell.module.css";
import { Shortcuts } from "./Shortcuts.tsx";

const PLANS = { to: "/plans", label: "nav.plans", icon: IconListCheck } as const;
const SETTINGS = { to: "/settings", label: "nav.settings", icon: IconAdjustments } as const;

/** The frame around every page: skip link, top bar, rail (a bottom bar on a phone), the page. */
export function Shell() {
  const text = useText();
  const me = useMe();
  const { pathname } = useLocation();
  // Only what the person may use is there.
  const places = me.data?.may.build_templates ? [PLANS, SETTINGS] : [PLANS];
  const main = useRef<HTMLElement>(null);
  return (
    <div className={classes["shell"]}>
      <a
        href="#main"
        className={classes["skip"]}
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        <Text id="app.skip" />
      </a>
      <header className={classes["top"]}>
        <Link to="/plans" className={classes["name"]}>
          <img src="/mark.svg" alt="" width={26} height={26} />
          <Text id="app.name" />
        </Link>
        <div className={classes["gap"]} />
        <Search />
        <Shortcuts />
        <PersonMenu />
      </header>
      <nav className={classes["rail"]} aria-label={text("nav.label")}>
        {places.map(({ to, label, icon: Icon }) => (
          <NavLink key={to} to={to} className={classes["link"]}>
            <Icon size={20} stroke={1.7} aria-hidden />
            <Text id={label} />
          </NavLink>
        ))}
      </nav>
      <main id="main" ref={main} tabIndex={-1} className={classes["main"]}>
        <Parked />
        {me.isError ? (
          <Failure error={me.error} title="sign-in.not-in" again="person.sign-out" onAgain={() => void signOut()} />
        ) : (
          <PageBoundary page={pathname}>
            <Suspense fallback={<Waiting rows={6} />}>
              <Outlet />
            </Suspense>
          </PageBoundary>
        )}
      </main>
    </div>
  );
}
