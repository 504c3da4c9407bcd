import { Box, PanelsTopLeft, Timer } from "lucide-react";

/** What kind of unit a component is. Its name always stands beside. */
export function ComponentIcon({ kind, className }: { kind: string; className?: string }) {
  const Icon = kind === "site" ? PanelsTopLeft : kind === "job" ? Timer : Box;
  return <Icon aria-hidden className={className ?? "text-fg-3"} />;
}
