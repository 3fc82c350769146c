/** A task's number: `T007` and `T000007` are the same task, 7. */
export type TaskNumber = number;

const WRITTEN = /^T(\d{3}|\d{6})$/i;
const FOLDER = /^T(\d{3}|\d{6})-[A-Za-z0-9._-]+$/;
/** What a person types for a task: `T007`, `t7`, `7`. */
const TYPED = /^T?(\d{1,6})$/i;

/** The number that an id of three or six digits names; null = it is none. */
export function taskNumber(id: string): TaskNumber | null {
  const digits = WRITTEN.exec(id)?.[1];
  return digits === undefined || Number(digits) === 0 ? null : Number(digits);
}

/** The number that a person means by `T7`, `007` or `7`; null = none. */
export function typedNumber(text: string): TaskNumber | null {
  const digits = TYPED.exec(text.trim())?.[1];
  return digits === undefined || Number(digits) === 0 ? null : Number(digits);
}

/** The number of a folder `T007-slug` or `T000007-slug`; null = it is no task's folder. */
export function folderNumber(name: string): TaskNumber | null {
  const digits = FOLDER.exec(name)?.[1];
  return digits === undefined || Number(digits) === 0 ? null : Number(digits);
}

/** A task's id as plans write it: `T007`; six digits from 1000 on. */
export const taskId = (number: TaskNumber): string => `T${String(number).padStart(number < 1000 ? 3 : 6, "0")}`;

/** The same id as sheets write it: `T000007`. */
export const sheetId = (number: TaskNumber): string => `T${String(number).padStart(6, "0")}`;

/** The highest number that six digits hold. */
export const LAST_NUMBER: TaskNumber = 999_999;

/** Up to three known ids, the nearest numbers first; for whoever named one that is not there. */
export function nearestIds(number: TaskNumber | null, known: string[]): string[] {
  const wanted = number ?? 0;
  const far = (id: string): number => Math.abs((taskNumber(id) ?? 0) - wanted);
  return [...known].sort((left, right) => far(left) - far(right) || left.localeCompare(right)).slice(0, 3);
}

/** A title as a part of a folder's name: lower case, ASCII, at most 40 characters. */
export const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "") || "task";

/** A folder's second half as a person may give it. */
export const isSlug = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,59}$/.test(text);
