"use client";

import { createContext, useContext, useEffect } from "react";

type Tell = (project: string | null) => void;
/** Where a page tells the frame around it which project it is about. */
export const PageProjectContext = createContext<Tell>(() => undefined);

/** For a page whose address does not say which project it is about: the rail then leads through that one. */
export function PageProject({ project }: { project: string }) {
  const tell = useContext(PageProjectContext);
  useEffect(() => {
    tell(project);
    return () => tell(null);
  }, [tell, project]);
  return null;
}
