/**
 * How many changes went one way. A change is a release order that was deployed to an environment, however many
 * deployments or attempts that took; a rollback is no change of its own.
 */
export type ChangeGroup = {
  /**
   * One of its deployments there failed, in any attempt: what a retry put right had failed, and so had what was refused
   * before it touched anything. Somebody had to see to it either way, and whether it is retried must not decide.
   */
  failed: boolean;
  /** It was rolled back there, by a person or by the portal. */
  rolledBack: boolean;
  changes: number;
};

/** Whether a change needed repair: it led to a failed deployment or to a rollback. Pure. */
export const isFailedChange = ({ failed, rolledBack }: Pick<ChangeGroup, "failed" | "rolledBack">): boolean =>
  failed || rolledBack;

/** Failed changes / all changes, 0 to 1; null without any. Pure. */
export function changeFailureRate(groups: readonly ChangeGroup[]): number | null {
  const count = (some: readonly ChangeGroup[]) => some.reduce((sum, { changes }) => sum + changes, 0);
  const all = count(groups);
  return all === 0 ? null : count(groups.filter(isFailedChange)) / all;
}
