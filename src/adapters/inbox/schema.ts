import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const VERSION = 2

const TABLES = `
create table schema (version integer not null) strict;

create table work (
  key text primary key,
  state text not null check (state in ('waiting', 'running', 'dead')),
  lane integer not null,
  repository integer not null,
  installation integer not null,
  cost integer not null default 1,
  attempt integer not null default 0,
  ended integer not null default 0,
  place integer not null,
  queued_at text not null,
  not_before text not null,
  held_until text not null default '',
  lease integer,
  leased_at text,
  work text not null,
  next text,
  next_not_before text,
  next_queued_at text,
  is_dirty integer not null default 0,
  heads text not null default '[]',
  because text,
  ended_at text
) strict;
create index work_in_line on work (state, lane, repository, not_before, place, queued_at);
create unique index work_by_place on work (place);
create index work_of_installation on work (installation, state);

create table delivery (
  guid text primary key,
  event text not null,
  action text,
  received_at text not null,
  state text not null check (state in ('pending', 'running', 'done', 'dead')),
  ended_at text
) strict;
create index delivery_by_state on delivery (state, ended_at);

create table delivery_work (
  guid text not null,
  key text not null,
  is_next integer not null,
  primary key (key, guid)
) strict, without rowid;
create index work_of_delivery on delivery_work (guid);

create table wake_up (key text primary key, at text not null, installation integer not null, work text not null) strict;
create index wake_up_by_time on wake_up (at);

create table waiting_merge (
  key text primary key,
  head text not null,
  installation integer not null,
  work text not null,
  woken_at text
) strict;
create index waiting_merge_by_head on waiting_merge (head);

create table intention (key text primary key, digest text not null, at text not null) strict;
create table mark (name text primary key, value text not null) strict;
`

/**
 * Opens the file for this process alone: two workers of one key could otherwise merge twice. A commit is on the disk
 * when it returns (write-ahead log, synchronised fully), so neither `kill -9` nor a power cut takes it back.
 *
 * @param waitMs  how long to wait for another process that is just ending
 */
export function openDatabase(path: string, waitMs: number): DatabaseSync {
  if (path !== ':memory:') makeOwnFile(path)
  const database = new DatabaseSync(path, { timeout: waitMs })
  try {
    database.exec('pragma locking_mode = exclusive')
    database.exec('pragma journal_mode = wal')
    database.exec('pragma synchronous = full')
    database.exec('begin immediate')
    bringUpToDate(database, path)
    database.exec('commit')
    return database
  } catch (error) {
    database.close()
    throw isLocked(error) ? inUse(path, error) : error
  }
}

/** Readable by nobody else: it holds names of people and branches. SQLite gives its other files the same rights. */
function makeOwnFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
}

function bringUpToDate(database: DatabaseSync, path: string): void {
  const isNew = database.prepare(`select name from sqlite_schema where name = 'schema'`).get() === undefined
  if (isNew) {
    database.exec(TABLES)
    database.prepare('insert into schema (version) values (?)').run(VERSION)
    return
  }
  const version = database.prepare('select version from schema').get()?.version
  if (version !== VERSION)
    throw new Error(
      `${path} was written by another version (schema ${version}, this one reads ${VERSION}). Start that version, or move the file away: a new one is filled by the next sweep.`,
    )
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5
}

function inUse(path: string, cause: unknown): Error {
  return new Error(`${path} is open in another process. One inbox belongs to one process: end that one first.`, {
    cause,
  })
}
