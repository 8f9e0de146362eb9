import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { embeddedStack } from '../../embedded-stack.js';

const ENTRY = join(__dirname, '..', '..', '..', '..', 'bin', 'vachan.js');

/** A pseudo-terminal of 80 by 24 around a command; what it is sent, it types. */
const IN_TERMINAL = `
import fcntl, os, pty, struct, sys, termios, threading
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
def type_it():
    while data := os.read(0, 100):
        os.write(terminal, data)
threading.Thread(target=type_it, daemon=True).start()
try:
    while data := os.read(terminal, 4096):
        os.write(1, data)
except OSError:
    pass
os.waitpid(pid, 0)
`;

const CTRL_C = '\u0003';

export interface Terminal {
  output: () => string;
  interrupt: () => void;
  ended: Promise<void>;
}

/** Runs `vachan watch` where it believes that a person looks. */
export function watchInTerminal(target: string, environment: Record<string, string>): Terminal {
  const child = spawn('python3', ['-c', IN_TERMINAL, process.execPath, ENTRY, 'watch', target], {
    cwd: embeddedStack().folder,
    env: { PATH: process.env['PATH'], TERM: 'xterm-256color', ...embeddedStack().env, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return {
    output: () => output,
    interrupt: () => child.stdin.write(CTRL_C),
    ended: new Promise((resolve) => {
      child.on('close', () => resolve());
    }),
  };
}
