"use client";

import { createContext, type ReactNode, useContext } from "react";

const ServerNow = createContext<string | undefined>(undefined);

/** The server's clock when it answered with this page (ISO): ages and running times on the page count from it. */
export function ServerNowProvider({ now, children }: { now: string; children: ReactNode }) {
  return <ServerNow value={now}>{children}</ServerNow>;
}

export const useServerNow = () => useContext(ServerNow);
