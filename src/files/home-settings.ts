import { parseDocument } from "yaml";
import { Misshapen, number, object, optional } from "../core/shape.ts";
import { readForeignText } from "./safe-read.ts";

/** What holds for all jobs of a home. */
export interface HomeSettings {
  /** Minutes of a silent terminal after which a person is asked; 0 = never. */
  silenceMinutes: number;
}

const DEFAULTS: HomeSettings = { silenceMinutes: 60 };

/** Other parts read other keys of the same file. */
const SHAPE = object({ job: optional(object({ silence_minutes: optional(number(0, 10_080)) }, true)) }, true);

/** `config.yaml` of a home; `problem`: why its values do not count. A file that is not there is none. */
export async function readHomeSettings(path: string): Promise<{ settings: HomeSettings; problem: string | null }> {
  const text = await readForeignText(path).catch((error) => {
    if ((error as { code?: string }).code === "ENOENT") return "";
    return error instanceof Error ? error : new Error(String(error));
  });
  if (text instanceof Error) return { settings: DEFAULTS, problem: `${path}: ${text.message}` };
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) return { settings: DEFAULTS, problem: `${path}: ${error.message.split("\n")[0]}` };
  try {
    const { job } = SHAPE.read(document.toJS() ?? {}, "");
    return { settings: { silenceMinutes: job?.silence_minutes ?? DEFAULTS.silenceMinutes }, problem: null };
  } catch (misshapen) {
    if (!(misshapen instanceof Misshapen)) throw misshapen;
    return { settings: DEFAULTS, problem: `${path}: ${misshapen.message}` };
  }
}
