import { useQuery } from "@tanstack/react-query";
import { Navigate, useLocation } from "react-router";
import { Failure } from "../feedback/Failure.tsx";
import { Waiting } from "../feedback/Waiting.tsx";
import { finishSignIn } from "./session.ts";

/** Where the provider sends people back to. The answer in the address counts once, so a second render reuses the first exchange. */
export function SignedIn() {
  const { search } = useLocation();
  const exchange = useQuery({
    queryKey: ["sign-in", search],
    queryFn: () => finishSignIn(new URL(location.href)),
    retry: false,
    staleTime: Infinity,
  });
  if (exchange.isSuccess) return <Navigate to={exchange.data} replace />;
  if (exchange.isError) return <Failure error={exchange.error} title="sign-in.failed" again="sign-in.again" onAgain={() => location.assign("/")} />;
  return <Waiting rows={3} />;
}
