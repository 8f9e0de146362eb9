/** True while a process of that id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It exists, and is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
