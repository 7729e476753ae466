import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** In `/proc/net/tcp`, the state of a socket that listens. */
const LISTEN = '0A';

/** The addresses and TCP ports on which a process and its child processes listen. None if the process has ended. */
export function listenersOf(pid: number): string[] {
  const inodes = new Set([pid, ...childrenOf(pid)].flatMap(socketsOf));
  const sockets = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    readFileSync(file, 'utf8').trim().split('\n').slice(1),
  );
  return sockets
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === LISTEN && inodes.has(inode))
    .map(([, local]) => addressOf(local));
}

function childrenOf(pid: number): number[] {
  const children = entriesOf(`/proc/${pid}/task`).flatMap((task) => childrenOfThread(pid, task));
  return children.flatMap((child) => [child, ...childrenOf(child)]);
}

function childrenOfThread(pid: number, thread: string): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    return []; // the thread has ended
  }
}

function socketsOf(pid: number): string[] {
  return entriesOf(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? [];
    } catch {
      return []; // closed since then
    }
  });
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // the process has ended
  }
}

/** An address of `/proc/net/tcp`, such as `0100007F:1F90`, as text. IPv6 addresses stay as they are. */
function addressOf(local: string): string {
  const [address, port] = local.split(':');
  const bytes = address.length === 8 ? address.match(/../g)!.reverse() : [];
  const text = bytes.length > 0 ? bytes.map((byte) => parseInt(byte, 16)).join('.') : address;
  return `${text}:${parseInt(port, 16)}`;
}
