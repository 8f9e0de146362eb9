/** An error's class by name, since classes do not survive the way between processes. */
export interface WireError {
  name: string;
  message: string;
  /** Where the class keeps one beside its message. */
  reason?: string;
}

/** From the parent to a member: options first, then one task at a time. */
export type MemberRequest<Options, Task> =
  | { kind: 'start'; options: Options }
  | { kind: 'task'; id: number; task: Task }
  /** Of the task under way: what the member asked for, say. */
  | { kind: 'note'; id: number; note: unknown };

/** From a member to the parent. */
export type MemberReply<Parts, Result> =
  | { kind: 'ready'; parts: Parts }
  | { kind: 'not_ready'; error: WireError }
  | { kind: 'note'; id: number; note: unknown }
  | { kind: 'done'; id: number; result: Result; rssBytes: number }
  | { kind: 'failed'; id: number; error: WireError; rssBytes: number };
