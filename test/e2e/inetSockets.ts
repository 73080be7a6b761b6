import { readdir, readFile, readlink } from 'node:fs/promises';

export interface InetSocket {
  readonly local: string;
  readonly localPort: number;
  readonly remotePort: number;
  readonly listening: boolean;
}

const TABLES = ['tcp', 'tcp6', 'udp', 'udp6'] as const;
const LISTEN = '0A';

/** All internet sockets (Linux, /proc) that a process or one of its descendants holds. Addresses as /proc writes them. */
export async function inetSocketsOf(pid: number): Promise<readonly InetSocket[]> {
  const inodes = new Set<string>();
  for (const process of await descendants(pid)) {
    for (const target of await openFiles(process)) {
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
  }
  const sockets: InetSocket[] = [];
  for (const table of TABLES) {
    const lines = (await readFile(`/proc/net/${table}`, 'utf8')).trim().split('\n').slice(1);
    for (const line of lines) {
      const fields = line.trim().split(/\s+/);
      if (!inodes.has(fields[9] ?? '')) continue;
      const [local = '', localPort = ''] = (fields[1] ?? '').split(':');
      const [, remotePort = ''] = (fields[2] ?? '').split(':');
      const listening = table.startsWith('tcp') && fields[3] === LISTEN;
      sockets.push({ local, localPort: parseInt(localPort, 16), remotePort: parseInt(remotePort, 16), listening });
    }
  }
  return sockets;
}

async function descendants(pid: number): Promise<readonly number[]> {
  const children = new Map<number, number[]>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => undefined);
    const parent = Number(stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (Number.isInteger(parent)) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  const open = [pid];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    found.push(next);
    open.push(...(children.get(next) ?? []));
  }
  return found;
}

async function openFiles(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
}
