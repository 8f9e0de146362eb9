/** What another reader says of an archive: of the whole, or of each entry in the directory's order. */
export interface OracleAnswer {
  /** Why it refuses the archive as a whole. */
  refused?: string;
  /** Undefined where it reads an entry, else why it does not. */
  entries: (string | undefined)[];
}

export interface Oracle {
  name: string;
  read(archive: Buffer): Promise<OracleAnswer>;
  close(): void;
}
