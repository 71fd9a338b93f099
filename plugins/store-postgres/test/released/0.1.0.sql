-- The schema as version 0.1.0 made it, with some rows, as pg_dump wrote it. Never changed: what was released stays readable.

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;

CREATE SCHEMA released;

CREATE FUNCTION released._append_event_log(_partition text, _entries json, _expected bigint, _first bigint, OUT _stored bigint, OUT _duplicates text[], OUT _last bigint) RETURNS record
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    AS $$
declare
  _empty boolean;
  _before bigint;
begin
  select last_seq into _last from "released"."_counters" where log = 'event_log' and partition = _partition for update;
  if not found then
    insert into "released"."_counters" (log, partition) values ('event_log', _partition) on conflict do nothing;
    select last_seq into _last from "released"."_counters" where log = 'event_log' and partition = _partition for update;
  end if;

  _before := _last;
  _empty := _last = 0;
  if _first is not null and _empty then
    _last := _first - 1;
  end if;

  with given as (
    select entry.*,
      kept.id is not null or row_number() over (partition by entry.id order by _nth) > 1 as _duplicate
    from rows from (json_to_recordset(_entries) as (id text, timestamp_ms bigint, data text, "event_type" text collate "C", "member_id" text collate "C", "identity" text collate "C", "mob_id" text collate "C", "run_id" text collate "C", "step_id" text collate "C")) with ordinality as entry ("id", "timestamp_ms", "data", "event_type", "member_id", "identity", "mob_id", "run_id", "step_id", _nth)
    left join lateral (
      select id from "released"."event_log" as log where log.partition = _partition and log.id = entry.id limit 1
    ) as kept on true
  ), inserted as (
    insert into "released"."event_log" (partition, seq, "id", "timestamp_ms", "data", "event_type", "member_id", "identity", "mob_id", "run_id", "step_id")
    select _partition, _last + row_number() over (order by _nth), "id", "timestamp_ms", "data", "event_type", "member_id", "identity", "mob_id", "run_id", "step_id" from given where not _duplicate
  )
  select count(*) filter (where not _duplicate),
    coalesce(array_agg(id order by _nth) filter (where _duplicate), '{}')
  into _stored, _duplicates from given;

  if _stored > 0 then
    if _expected <> _before then
      raise exception using errcode = 'MK409', message = format('expected last seq %s, found %s', _expected, _before);
    end if;
    if _first is not null and not _empty then
      raise exception using errcode = 'MK409', message = format('cannot begin at %s, the last seq is %s', _first, _last);
    end if;
    _last := _last + _stored;
    update "released"."_counters" set last_seq = _last, first_seq = case when _empty then coalesce(_first, 1) else first_seq end
    where log = 'event_log' and partition = _partition;
    perform pg_notify('released', 'event_log' || '/' || _partition);
  else
    _last := _before;
  end if;
end
$$;

CREATE FUNCTION released._append_orders(_partition text, _entries json, _expected bigint, _first bigint, OUT _stored bigint, OUT _duplicates text[], OUT _last bigint) RETURNS record
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    AS $$
declare
  _empty boolean;
  _before bigint;
begin
  select last_seq into _last from "released"."_counters" where log = 'orders' and partition = _partition for update;
  if not found then
    insert into "released"."_counters" (log, partition) values ('orders', _partition) on conflict do nothing;
    select last_seq into _last from "released"."_counters" where log = 'orders' and partition = _partition for update;
  end if;

  _before := _last;
  _empty := _last = 0;
  if _first is not null and _empty then
    _last := _first - 1;
  end if;

  with given as (
    select entry.*,
      kept.id is not null or row_number() over (partition by entry.id order by _nth) > 1 as _duplicate
    from rows from (json_to_recordset(_entries) as (id text, timestamp_ms bigint, data text, "color" text collate "C", "size" bigint)) with ordinality as entry ("id", "timestamp_ms", "data", "color", "size", _nth)
    left join lateral (
      select id from "released"."orders" as log where log.partition = _partition and log.id = entry.id limit 1
    ) as kept on true
  ), inserted as (
    insert into "released"."orders" (partition, seq, "id", "timestamp_ms", "data", "color", "size")
    select _partition, _last + row_number() over (order by _nth), "id", "timestamp_ms", "data", "color", "size" from given where not _duplicate
  )
  select count(*) filter (where not _duplicate),
    coalesce(array_agg(id order by _nth) filter (where _duplicate), '{}')
  into _stored, _duplicates from given;

  if _stored > 0 then
    if _expected <> _before then
      raise exception using errcode = 'MK409', message = format('expected last seq %s, found %s', _expected, _before);
    end if;
    if _first is not null and not _empty then
      raise exception using errcode = 'MK409', message = format('cannot begin at %s, the last seq is %s', _first, _last);
    end if;
    _last := _last + _stored;
    update "released"."_counters" set last_seq = _last, first_seq = case when _empty then coalesce(_first, 1) else first_seq end
    where log = 'orders' and partition = _partition;
    perform pg_notify('released', 'orders' || '/' || _partition);
  else
    _last := _before;
  end if;
end
$$;

CREATE TABLE released._counters (
    log text NOT NULL COLLATE pg_catalog."C",
    partition text NOT NULL COLLATE pg_catalog."C",
    first_seq bigint DEFAULT 1 NOT NULL,
    last_seq bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='10');

CREATE TABLE released._migrations (
    name character varying(255) NOT NULL,
    "timestamp" character varying(255) NOT NULL
);

CREATE TABLE released._migrations_lock (
    id character varying(255) NOT NULL,
    is_locked integer DEFAULT 0 NOT NULL
);

CREATE SEQUENCE released._versions
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE released.event_log (
    partition text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    timestamp_ms bigint NOT NULL,
    data text NOT NULL,
    event_type text COLLATE pg_catalog."C",
    member_id text COLLATE pg_catalog."C",
    identity text COLLATE pg_catalog."C",
    mob_id text COLLATE pg_catalog."C",
    run_id text COLLATE pg_catalog."C",
    step_id text COLLATE pg_catalog."C"
);

CREATE TABLE released.jobs (
    key text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    data text NOT NULL,
    due_at_ms bigint,
    lease_owner text,
    lease_until_ms bigint,
    color text COLLATE pg_catalog."C"
);

CREATE TABLE released.labels (
    key text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    data text NOT NULL,
    due_at_ms bigint,
    lease_owner text,
    lease_until_ms bigint
);

CREATE TABLE released.managed_edges (
    key text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    data text NOT NULL,
    due_at_ms bigint,
    lease_owner text,
    lease_until_ms bigint,
    mob_id text COLLATE pg_catalog."C"
);

CREATE TABLE released.orders (
    partition text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    timestamp_ms bigint NOT NULL,
    data text NOT NULL,
    color text COLLATE pg_catalog."C",
    size bigint
);

CREATE TABLE released.subscription_cursors (
    key text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    data text NOT NULL,
    due_at_ms bigint,
    lease_owner text,
    lease_until_ms bigint
);

INSERT INTO released._counters VALUES ('event_log', '', 1, 4);
INSERT INTO released._counters VALUES ('orders', 'other', 1, 1);
INSERT INTO released._counters VALUES ('orders', '', 2, 5);

INSERT INTO released._migrations VALUES ('0001_counters', '2026-11-21T07:21:33.738Z');
INSERT INTO released._migrations VALUES ('0002_versions', '2026-11-21T07:21:33.741Z');

INSERT INTO released._migrations_lock VALUES ('migration_lock', 0);

INSERT INTO released.event_log VALUES ('', 1, 'evt-1', 1700000000000, '{"memberId":"worker-1:0","identity":"worker-1","mobId":"mob-1","event":{"kind":"agent","agentId":"worker-1","eventType":"text_delta","payload":{"text":"evt-1"}}}', 'text_delta', 'worker-1:0', 'worker-1', 'mob-1', NULL, NULL);
INSERT INTO released.event_log VALUES ('', 2, 'evt-2', 1700000000001, '{"memberId":"worker-1:0","identity":"worker-1","mobId":"mob-1","event":{"kind":"agent","agentId":"worker-1","eventType":"text_delta","payload":{"text":"evt-2"}}}', 'text_delta', 'worker-1:0', 'worker-1', 'mob-1', NULL, NULL);
INSERT INTO released.event_log VALUES ('', 3, 'evt-3', 1700000000002, '{"memberId":"worker-1:0","identity":"worker-1","mobId":"mob-1","event":{"kind":"agent","agentId":"worker-1","eventType":"text_delta","payload":{"text":"evt-3"}}}', 'text_delta', 'worker-1:0', 'worker-1', 'mob-1', NULL, NULL);
INSERT INTO released.event_log VALUES ('', 4, 'evt-4', 1700000000003, '{"memberId":"worker-1:0","identity":"worker-1","mobId":"mob-1","event":{"kind":"agent","agentId":"worker-1","eventType":"text_delta","payload":{"text":"evt-4"}}}', 'text_delta', 'worker-1:0', 'worker-1', 'mob-1', NULL, NULL);

INSERT INTO released.jobs VALUES ('held', 2, '2', 2000, NULL, NULL, NULL);
INSERT INTO released.jobs VALUES ('plain', 3, '3', NULL, NULL, NULL, NULL);
INSERT INTO released.jobs VALUES ('due', 4, '{"a":1}', 1000, 'gone', 1795245693879, 'red');

INSERT INTO released.orders VALUES ('', 2, 'o-2', 20, '{"n":2,"nul":"\u0000"}', 'blue', 2);
INSERT INTO released.orders VALUES ('', 3, 'o-3', 30, '{"n":3,"nul":"\u0000"}', 'red', 3);
INSERT INTO released.orders VALUES ('', 4, 'o-4', 40, '{"n":4,"nul":"\u0000"}', 'blue', 4);
INSERT INTO released.orders VALUES ('', 5, 'o-5', 50, '{"n":5,"nul":"\u0000"}', 'red', 5);
INSERT INTO released.orders VALUES ('other', 1, 'o-1', 1, '0', NULL, NULL);

SELECT pg_catalog.setval('released._versions', 4, true);

ALTER TABLE ONLY released._counters
    ADD CONSTRAINT _counters_pkey PRIMARY KEY (log, partition);

ALTER TABLE ONLY released._migrations_lock
    ADD CONSTRAINT _migrations_lock_pkey PRIMARY KEY (id);

ALTER TABLE ONLY released._migrations
    ADD CONSTRAINT _migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY released.event_log
    ADD CONSTRAINT event_log__ids UNIQUE (partition, id);

ALTER TABLE ONLY released.event_log
    ADD CONSTRAINT event_log__pkey PRIMARY KEY (partition, seq);

ALTER TABLE ONLY released.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (key);

ALTER TABLE ONLY released.labels
    ADD CONSTRAINT labels_pkey PRIMARY KEY (key);

ALTER TABLE ONLY released.managed_edges
    ADD CONSTRAINT managed_edges_pkey PRIMARY KEY (key);

ALTER TABLE ONLY released.orders
    ADD CONSTRAINT orders__ids UNIQUE (partition, id);

ALTER TABLE ONLY released.orders
    ADD CONSTRAINT orders__pkey PRIMARY KEY (partition, seq);

ALTER TABLE ONLY released.subscription_cursors
    ADD CONSTRAINT subscription_cursors_pkey PRIMARY KEY (key);

CREATE INDEX event_log__event_type ON released.event_log USING btree (partition, event_type, seq) WHERE (event_type IS NOT NULL);

CREATE INDEX event_log__identity ON released.event_log USING btree (partition, identity, seq) WHERE (identity IS NOT NULL);

CREATE INDEX event_log__member_id ON released.event_log USING btree (partition, member_id, seq) WHERE (member_id IS NOT NULL);

CREATE INDEX event_log__mob_id ON released.event_log USING btree (partition, mob_id, seq) WHERE (mob_id IS NOT NULL);

CREATE INDEX event_log__run_id ON released.event_log USING btree (partition, run_id, seq) WHERE (run_id IS NOT NULL);

CREATE INDEX event_log__step_id ON released.event_log USING btree (partition, step_id, seq) WHERE (step_id IS NOT NULL);

CREATE INDEX event_log__times ON released.event_log USING brin (timestamp_ms);

CREATE INDEX jobs__color ON released.jobs USING btree (color, key) WHERE (color IS NOT NULL);

CREATE INDEX jobs__due ON released.jobs USING btree (due_at_ms) WHERE (due_at_ms IS NOT NULL);

CREATE INDEX labels__due ON released.labels USING btree (due_at_ms) WHERE (due_at_ms IS NOT NULL);

CREATE INDEX managed_edges__due ON released.managed_edges USING btree (due_at_ms) WHERE (due_at_ms IS NOT NULL);

CREATE INDEX managed_edges__mob_id ON released.managed_edges USING btree (mob_id, key) WHERE (mob_id IS NOT NULL);

CREATE INDEX orders__color ON released.orders USING btree (partition, color, seq) WHERE (color IS NOT NULL);

CREATE INDEX orders__size ON released.orders USING btree (partition, size, seq) WHERE (size IS NOT NULL);

CREATE INDEX orders__times ON released.orders USING brin (timestamp_ms);

CREATE INDEX subscription_cursors__due ON released.subscription_cursors USING btree (due_at_ms) WHERE (due_at_ms IS NOT NULL);

