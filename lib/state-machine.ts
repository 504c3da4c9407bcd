/** A state machine as a value: for every state the states that may follow it. Terminal states have none. */
export type Transitions<State extends string> = Readonly<Record<State, readonly State[]>>;

export const mayFollow = <State extends string>(table: Transitions<State>, from: State, to: State): boolean =>
  table[from].includes(to);

export const isTerminal = <State extends string>(table: Transitions<State>, state: State): boolean =>
  table[state].length === 0;

/** States that can be reached from `start`; a test asks that none is left out. */
export function reachable<State extends string>(table: Transitions<State>, start: State): Set<State> {
  const seen = new Set<State>([start]);
  for (const state of seen) for (const next of table[state]) seen.add(next);
  return seen;
}
