/** Whether two questions are about the same thing, asked with another filter: the words of their keys agree, whatever the objects among them.

While the new answer is on its way the old one may stay on the page then, but never one about another student.
*/
export function sameSubject(one: readonly unknown[], other: readonly unknown[]): boolean {
  const words = (key: readonly unknown[]) => JSON.stringify(key.filter((part) => typeof part !== "object"));
  return words(one) === words(other);
}
