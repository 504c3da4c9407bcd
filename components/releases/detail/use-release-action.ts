import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useToast } from "#components/ui/toaster.tsx";
import { ProblemError } from "#lib/http/client.ts";

/**
 * One action on the release order of the page. What it changed is loaded at once, not only by the event: the reader's
 * own click shall never look as if nothing had happened.
 */
export function useReleaseAction<Input = void, Answer = unknown>(
  number: string,
  run: (input: Input) => Promise<Answer>,
  done: (answer: Answer) => string,
  /** `shown`: a refusal is told where it was asked, in full. */
  { shown = false }: { shown?: boolean } = {},
) {
  const client = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: run,
    onSuccess: (answer) => toast.done(done(answer)),
    onError: (error) => {
      if (!shown) toast.failed(error instanceof ProblemError ? error.problem : error.message);
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["release", number] }),
        client.invalidateQueries({ queryKey: ["release-timeline", number] }),
      ]),
  });
}
