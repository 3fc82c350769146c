import { readFileSync, statSync, writeFileSync } from "node:fs";
import { BUILT_IN_PRICES, type PriceTable, pricesFrom } from "../core/jobs/prices.ts";

const codeOf = (error: unknown): string | undefined => (error as { code?: string } | null)?.code;

/** The price table of a home: a file that people edit. Never written over; unreadable, the built-in one counts. */
export class Prices {
  private version = "";
  private table: PriceTable = BUILT_IN_PRICES;

  constructor(
    private readonly path: string,
    /** Hears once of each version that cannot be used. */
    private readonly tell: (text: string) => void,
  ) {
    try {
      writeFileSync(path, `${JSON.stringify(BUILT_IN_PRICES, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    } catch (error) {
      if (codeOf(error) !== "EEXIST") tell(`${path} cannot be written: ${(error as Error).message}`);
    }
  }

  /** As the file says now: it is looked at each time, and read when it changed. */
  now(): PriceTable {
    const found = statSync(this.path, { throwIfNoEntry: false });
    const version = found ? `${found.mtimeMs} ${found.size} ${found.ino}` : "none";
    if (version === this.version) return this.table;
    this.version = version;
    this.table = found ? this.read() : BUILT_IN_PRICES;
    return this.table;
  }

  private read(): PriceTable {
    let read: PriceTable | string;
    try {
      read = pricesFrom(JSON.parse(readFileSync(this.path, "utf8")));
    } catch (error) {
      read = (error as Error).message;
    }
    if (typeof read !== "string") return read;
    this.tell(`${this.path}: ${read}; the built-in prices of ${BUILT_IN_PRICES.date} count until it is corrected`);
    return BUILT_IN_PRICES;
  }
}
