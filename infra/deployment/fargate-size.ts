/** Memory that Fargate offers for each CPU size: CPU units (1024 are one vCPU) to MiB, from, to, in steps of. */
const MEMORY_MIB: Readonly<Record<number, { from: number; to: number; step: number }>> = {
  256: { from: 512, to: 2048, step: 512 },
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16_384, step: 1024 },
  4096: { from: 8192, to: 30_720, step: 1024 },
  8192: { from: 16_384, to: 61_440, step: 4096 },
  16_384: { from: 32_768, to: 122_880, step: 8192 },
};

/** CPU sizes of a Fargate task, in units. */
export const FARGATE_CPU_UNITS = Object.keys(MEMORY_MIB).map(Number);

/** Fargate gives every task 20 GiB; more can be asked for between these. */
export const EPHEMERAL_STORAGE_GIB = { min: 21, max: 200 };

/** @returns what to write instead, or undefined when Fargate offers the pair */
export function wrongFargateSize(cpuUnits: number, memoryMib: number): string | undefined {
  const memory = MEMORY_MIB[cpuUnits];
  if (memory === undefined) return `cpu expected one of ${FARGATE_CPU_UNITS.join(', ')}, got ${cpuUnits}`;
  const { from, to, step } = memory;
  const offered = memoryMib >= from && memoryMib <= to && (memoryMib - from) % step === 0;
  // Half a GiB is offered at the smallest size only, besides its whole ones.
  const odd = cpuUnits === 256 && memoryMib === 1536;
  if (offered && !odd) return undefined;
  const expected = cpuUnits === 256 ? '512, 1024 or 2048' : `${from} to ${to} in steps of ${step}`;
  return `memory_mib at cpu ${cpuUnits} expected ${expected}, got ${memoryMib}`;
}

/** What the image, its layers and Fargate's own files take of a task's disk, with room to spare. */
const IMAGE_GIB = 8;

/**
 * Disk that an inference task needs if every recording it can hold at once is as long as the limit allows; a full
 * disk would fail whole batches.
 */
export function scratchGib(settings: {
  BATCH_SIZE: number;
  MAX_CONCURRENCY: number;
  AUDIO_MAX_BYTES: number;
}): number {
  const bytes = settings.BATCH_SIZE * settings.MAX_CONCURRENCY * settings.AUDIO_MAX_BYTES;
  return Math.max(EPHEMERAL_STORAGE_GIB.min, Math.ceil(bytes / 2 ** 30) + IMAGE_GIB);
}
