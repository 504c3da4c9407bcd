"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";

const MARGIN = "900px";

/** Builds its content once it comes near to what the reader sees, and keeps it; until then a place of about its height. */
export function NearView({
  at,
  height,
  children,
}: {
  /** Builds it whatever is seen. */
  at: boolean;
  /** Of the place that is kept free, in pixels. */
  height: number;
  children: ReactNode;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(at);
  if (at && !near) setNear(true);
  useEffect(() => {
    const element = place.current;
    if (near || element === null) return;
    const observer = new IntersectionObserver(
      (seen) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) setNear(true);
      },
      { rootMargin: MARGIN },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [near]);
  return near ? children : <div ref={place} style={{ height }} />;
}
