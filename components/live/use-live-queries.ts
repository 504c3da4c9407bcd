"use client";

import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useLive } from "./live-provider.tsx";

/** Several events of one transaction or a busy rollout become one reload. */
const GATHER_MS = 150;

/** Reloads queries when something happens on the topics. */
export function useLiveQueries(topics: readonly string[], keys: readonly QueryKey[]): void {
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive(topics, () => {
    if (timer.current) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      for (const queryKey of keys) void client.invalidateQueries({ queryKey });
    }, GATHER_MS);
  });
}
