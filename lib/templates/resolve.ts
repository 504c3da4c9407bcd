export type TemplateChoice = {
  id: string;
  name: string;
  environmentId: string;
  projectId: string | null;
  componentId: string | null;
};

/**
 * The template of a component in an environment: the one its config names, else one of the component, else of the
 * project, else a global one. Of several in one place the first by name. Null when there is none. Pure.
 */
export function pickTemplate<Template extends TemplateChoice>(
  templates: readonly Template[],
  facts: { configTemplateId: string | null; environmentId: string; projectId: string; componentId: string },
): Template | null {
  const chosen = templates.find(({ id }) => id === facts.configTemplateId);
  if (chosen) return chosen;
  const here = templates
    .filter((template) => template.environmentId === facts.environmentId)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return (
    here.find(({ componentId }) => componentId === facts.componentId) ??
    here.find(({ componentId, projectId }) => componentId === null && projectId === facts.projectId) ??
    here.find(({ componentId, projectId }) => componentId === null && projectId === null) ??
    null
  );
}
