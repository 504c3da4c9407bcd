"use client";

import { useEffect } from "react";
import { SkeletonPage } from "#components/ui/skeleton.tsx";

/** Goes to sign-in and back to this address afterwards: only the browser knows the whole of it. */
export function SignInRedirect() {
  useEffect(() => {
    const here = `${location.pathname}${location.search}${location.hash}`;
    location.replace(`/login?callbackUrl=${encodeURIComponent(here)}`);
  }, []);
  return <SkeletonPage />;
}
