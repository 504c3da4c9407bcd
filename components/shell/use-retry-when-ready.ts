"use client";

import { useEffect } from "react";

const AGAIN_MS = 2_000;
/** A page that breaks again so soon breaks for a reason of its own. */
const SOON_MS = 60_000;
const KEY = "refract-retried";

/**
 * Loads a page that broke again as soon as the portal is ready: after the database or the portal was away, nobody has to
 * come back and click. Where the portal was ready all along it is tried once, not more than once a minute.
 */
export function useRetryWhenReady(): void {
  useEffect(() => {
    let wasAway = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const ready = await fetch("/readyz", { cache: "no-store" }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ready) {
        const last = Number(sessionStorage.getItem(KEY) ?? 0);
        if (!wasAway && Date.now() - last < SOON_MS) return;
        sessionStorage.setItem(KEY, String(Date.now()));
        window.location.reload();
        return;
      }
      wasAway = true;
      timer = setTimeout(look, AGAIN_MS);
    };
    timer = setTimeout(look, AGAIN_MS);
    return () => clearTimeout(timer);
  }, []);
}
