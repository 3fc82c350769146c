/** What is known of a repository's agent configuration. */
export interface TrustedRepository {
  /** Hash of the agent configuration which a person agreed to. */
  trusted?: string;
  /** A person has allowed full access here, in words. */
  isPermitted?: true;
  /** Digest of each file that was agreed to. */
  agreed?: Record<string, string>;
  /** What was found last, and by which files. */
  seen?: { hash: string; files: string[]; digests?: string[] };
}
