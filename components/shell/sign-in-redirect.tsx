"use client";

import { useEffect } from "react";
import { signInPath } from "#components/ui/sign-in-path.ts";
import { SkeletonPage } from "#components/ui/skeleton.tsx";

/** Goes to sign-in and back to this address afterwards. */
export function SignInRedirect() {
  useEffect(() => {
    location.replace(signInPath(location));
  }, []);
  return <SkeletonPage />;
}
