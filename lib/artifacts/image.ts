/** `<registry>/<project>/<component>:<release>` in its parts; `path` is what the registry's API calls the repository. */
export function parseImage(image: string): { repository: string; path: string; tag: string } {
  const colon = image.lastIndexOf(":");
  const slash = image.indexOf("/");
  if (slash < 1 || colon < image.lastIndexOf("/"))
    throw new Error("not an image reference with registry and tag");
  const repository = image.slice(0, colon);
  return { repository, path: repository.slice(slash + 1), tag: image.slice(colon + 1) };
}
