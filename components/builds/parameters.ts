type Parameter = { name: string; value: string };

/** Sent as one JSON text, because a build server takes no list of names; shown as what they are. */
const VARIABLES = "BUILD_VARIABLES";

function variablesIn(text: string): Parameter[] | null {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) return null;
    return Object.entries(parsed).map(([name, value]) => ({ name, value: String(value) }));
  } catch {
    return null;
  }
}

/** Parameters of a build as people know them: empty ones left out, build variables under their own names at the end. */
export function parametersOf(parameters: readonly Parameter[]): Parameter[] {
  const plain = parameters.filter(({ name, value }) => name !== VARIABLES && value !== "");
  const packed = parameters.find(({ name }) => name === VARIABLES);
  if (packed === undefined) return plain;
  return [...plain, ...(variablesIn(packed.value) ?? [packed])];
}
