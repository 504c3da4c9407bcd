import {
  Archive,
  CalendarClock,
  CircleArrowRight,
  CircleCheck,
  CircleDashed,
  CircleDot,
  CirclePause,
  CircleQuestionMark,
  CircleSlash,
  CircleX,
  Clock3,
  FileCheck,
  FlaskConical,
  GitCompareArrows,
  Hourglass,
  LoaderCircle,
  LockKeyhole,
  type LucideIcon,
  OctagonAlert,
  ShieldAlert,
  Siren,
  Snowflake,
  TimerOff,
  TriangleAlert,
  Undo2,
  UserRoundCheck,
} from "lucide-react";

/** Colour families of a state. Amber (`wait`) means that a person is needed; red only failure; violet held or frozen. */
export const KINDS = ["idle", "run", "wait", "good", "bad", "held"] as const;
export type Kind = (typeof KINDS)[number];

export type StateLook = { kind: Kind; icon: LucideIcon; spins?: true; striped?: true };

/**
 * Every state of every noun, once. The word is the message `states.<name>`; colour and icon are here.
 * Nouns share a name where they share the meaning (`failed` of a build and of a deployment).
 */
export const STATES = {
  // release order
  draft: { kind: "idle", icon: CircleDashed },
  building: { kind: "run", icon: LoaderCircle, spins: true },
  build_failed: { kind: "bad", icon: CircleX },
  build_aborted: { kind: "idle", icon: CircleSlash },
  built: { kind: "good", icon: CircleCheck },
  released: { kind: "good", icon: CircleCheck },
  abandoned: { kind: "idle", icon: Archive },
  // stage
  waiting: { kind: "idle", icon: CircleDashed },
  entered: { kind: "run", icon: CircleDot },
  deploying: { kind: "run", icon: LoaderCircle, spins: true },
  testing: { kind: "wait", icon: FlaskConical },
  passed: { kind: "good", icon: CircleCheck },
  rejected: { kind: "bad", icon: CircleX },
  superseded: { kind: "idle", icon: CircleArrowRight },
  rolled_back: { kind: "idle", icon: Undo2 },
  // build
  queued: { kind: "idle", icon: Clock3 },
  running: { kind: "run", icon: LoaderCircle, spins: true },
  succeeded: { kind: "good", icon: CircleCheck },
  failed: { kind: "bad", icon: CircleX },
  aborted: { kind: "idle", icon: CircleSlash },
  // deployment, its targets and steps
  planned: { kind: "idle", icon: FileCheck },
  awaiting_approval: { kind: "wait", icon: UserRoundCheck },
  scheduled: { kind: "held", icon: CalendarClock },
  applying: { kind: "run", icon: LoaderCircle, spins: true },
  rolling_out: { kind: "run", icon: LoaderCircle, spins: true },
  verifying: { kind: "run", icon: LoaderCircle, spins: true },
  rolling_back: { kind: "run", icon: LoaderCircle, spins: true },
  paused: { kind: "wait", icon: CirclePause },
  cancelled: { kind: "idle", icon: CircleSlash },
  skipped: { kind: "idle", icon: CircleArrowRight },
  // approval and verdict
  needs_approval: { kind: "wait", icon: UserRoundCheck },
  needs_verdict: { kind: "wait", icon: UserRoundCheck },
  approved: { kind: "good", icon: CircleCheck },
  expired: { kind: "idle", icon: TimerOff },
  void: { kind: "wait", icon: TimerOff },
  // health of what runs, and drift (two things)
  healthy: { kind: "good", icon: CircleCheck },
  progressing: { kind: "run", icon: LoaderCircle, spins: true },
  unhealthy: { kind: "bad", icon: CircleX },
  missing: { kind: "idle", icon: CircleDashed },
  in_sync: { kind: "good", icon: CircleCheck },
  drift: { kind: "wait", icon: GitCompareArrows },
  unknown: { kind: "idle", icon: CircleQuestionMark, striped: true },
  // environment
  free: { kind: "good", icon: CircleCheck },
  held: { kind: "held", icon: LockKeyhole },
  in_queue: { kind: "idle", icon: Hourglass },
  frozen: { kind: "held", icon: Snowflake },
  emergency: { kind: "wait", icon: Siren },
  blocked: { kind: "bad", icon: OctagonAlert },
  attention: { kind: "wait", icon: TriangleAlert },
  // a single check
  ok: { kind: "good", icon: CircleCheck },
  warning: { kind: "wait", icon: TriangleAlert },
  error: { kind: "bad", icon: CircleX },
  waived: { kind: "held", icon: ShieldAlert },
  disabled: { kind: "idle", icon: CircleSlash },
} as const satisfies Record<string, StateLook>;

export type StateName = keyof typeof STATES;

function isState(text: string): text is StateName {
  return Object.hasOwn(STATES, text);
}

/** A state word from outside as a name of the list; a word that the list lacks becomes `unknown`, never a good state. */
export function asState(text: string): StateName {
  return isState(text) ? text : "unknown";
}

/** Colour and icon of a state, with the optional marks spelled out. */
export function lookOf(state: StateName): StateLook {
  return STATES[state];
}
