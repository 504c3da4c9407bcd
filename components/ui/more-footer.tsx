import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { CardFooter } from "./card.tsx";

/** The last line of a card whose list goes on: loads the next page of `list`. Nothing where that is all. */
export function MoreFooter({
  list: { hasNextPage, isFetchingNextPage, fetchNextPage },
  children,
}: {
  list: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  children: ReactNode;
}) {
  if (!hasNextPage) return null;
  return (
    <CardFooter className="justify-center">
      <Button kind="quiet" size="small" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {children}
      </Button>
    </CardFooter>
  );
}
