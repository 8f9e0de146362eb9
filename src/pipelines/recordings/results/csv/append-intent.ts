import { createHash } from 'node:crypto';
import { open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';

/**
 * What an append is about to do, on disk before it does it. Whoever holds the file's lock next can tell a torn append
 * from a whole one, and takes back only bytes that an intent announced, never what a person wrote into the file.
 */
const intentSchema = z.object({
  /** The file's inode: a file moved away and begun anew is not the one that was written to. */
  inode: z.number(),
  offset: z.number().int().min(0),
  length: z.number().int().min(0),
  sha256: z.string(),
});
export type AppendIntent = z.infer<typeof intentSchema>;

const intentPath = (csvPath: string): string => `${csvPath}.appending`;

export function intentOf(inode: number, offset: number, bytes: Buffer): AppendIntent {
  return { inode, offset, length: bytes.length, sha256: sha256(bytes) };
}

/** Makes the intent durable; it appears whole or not at all. */
export async function writeIntent(csvPath: string, intent: AppendIntent): Promise<void> {
  const draft = `${intentPath(csvPath)}.draft`;
  const file = await open(draft, 'w');
  try {
    await file.writeFile(JSON.stringify(intent));
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(draft, intentPath(csvPath));
}

export async function removeIntent(csvPath: string): Promise<void> {
  await rm(intentPath(csvPath), { force: true });
}

/** Settles what a process that died in mid-append left behind. Call with the file's lock held. */
export async function recoverAppend(csvPath: string): Promise<void> {
  const intent = await readIntent(csvPath);
  if (intent === undefined) return;
  const size = await sizeIfSame(csvPath, intent.inode);
  if (size !== undefined && size > intent.offset && size <= intent.offset + intent.length) {
    await takeBackUnlessWhole(csvPath, intent);
  }
  await removeIntent(csvPath);
}

async function readIntent(csvPath: string): Promise<AppendIntent | undefined> {
  let text: string;
  try {
    text = await readFile(intentPath(csvPath), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return intentSchema.parse(JSON.parse(text));
  } catch {
    // Not ours: an intent appears whole or not at all. The next append replaces it.
    return undefined;
  }
}

async function sizeIfSame(csvPath: string, inode: number): Promise<number | undefined> {
  try {
    const { ino, size } = await stat(csvPath);
    return ino === inode ? size : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function takeBackUnlessWhole(csvPath: string, intent: AppendIntent): Promise<void> {
  const file = await open(csvPath, 'r+');
  try {
    if (sha256(await readRange(file, intent.offset, intent.length)) === intent.sha256) return;
    await file.truncate(intent.offset);
    await file.datasync();
  } finally {
    await file.close();
  }
}

async function readRange(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
