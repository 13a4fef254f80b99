import { useQuery } from "@tanstack/react-query";
import { Outlet, useLocation } from "react-router";
import { Failure } from "../feedback/Failure.tsx";
import { Waiting } from "../feedback/Waiting.tsx";
import { signedIn, signIn } from "./session.ts";

/** Lets signed-in people through, sends the others to sign in and back to the very page they asked for. */
export function RequireSignIn() {
  const { pathname, search } = useLocation();
  const here = signedIn();
  const leaving = useQuery({
    queryKey: ["sign-in", "leave", pathname + search],
    queryFn: async () => {
      await signIn(pathname + search);
      return true;
    },
    enabled: !here,
    retry: false,
    gcTime: 0,
  });
  if (here) return <Outlet />;
  if (leaving.isError) return <Failure error={leaving.error} title="sign-in.unreachable" onAgain={() => void leaving.refetch()} />;
  return <Waiting rows={3} />;
}
