"use client";

import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

/**
 * Filters kept in the address without asking the server again: a colleague who gets the link sees the same. An empty
 * value leaves its parameter out. For filters that the server applies use links or `router.replace`.
 */
export function useUrlParams(): [URLSearchParams, (changes: Record<string, string>) => void] {
  const params = useSearchParams();
  const set = useCallback((changes: Record<string, string>) => {
    const url = new URL(window.location.href);
    for (const [name, value] of Object.entries(changes)) {
      if (value === "") url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    window.history.replaceState(null, "", url);
  }, []);
  return [new URLSearchParams(params ?? undefined), set];
}
