package dbtest

// spareFunctions are made once for a connection. avow_empty does nothing, and says so,
// where a schema has not the tables that its migrations left: a comment on the schema
// beside it, which keeps the rows that they wrote, tells what those were. A table that
// has grown is cut off, because deleted rows stay in it.
const spareFunctions = `
CREATE FUNCTION pg_temp.avow_shape(schema text) RETURNS text LANGUAGE sql AS $$
	SELECT md5(string_agg(concat_ws(' ', c.relname, c.relkind, c.relnatts, c.relchecks, c.relhastriggers), ',' ORDER BY c.relname)
		|| (SELECT count(*) FROM pg_proc p WHERE p.pronamespace = to_regnamespace(schema)))
	FROM pg_class c WHERE c.relnamespace = to_regnamespace(schema)
$$;
CREATE FUNCTION pg_temp.avow_empty(schema text, seed text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE t record;
BEGIN
	IF to_regnamespace(schema) IS NULL OR
		obj_description(to_regnamespace(seed), 'pg_namespace') IS DISTINCT FROM pg_temp.avow_shape(schema) THEN
		RETURN false;
	END IF;
	FOR t IN SELECT relname, pg_relation_size(oid) AS size FROM pg_class WHERE relnamespace = to_regnamespace(schema) AND relkind = 'r' LOOP
		IF t.size > 131072 THEN
			EXECUTE format('TRUNCATE %I.%I', schema, t.relname);
		ELSIF t.size > 0 THEN
			EXECUTE format('DELETE FROM %I.%I', schema, t.relname);
		END IF;
	END LOOP;
	FOR t IN SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(seed) AND relkind = 'r' LOOP
		EXECUTE format('INSERT INTO %I.%I SELECT * FROM %I.%I', schema, t.relname, seed, t.relname);
	END LOOP;
	PERFORM setval(oid, 1, false) FROM pg_class WHERE relnamespace = to_regnamespace(schema) AND relkind = 'S';
	RETURN true;
END $$;
CREATE FUNCTION pg_temp.avow_drop(schema text, seed text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', schema);
	EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', seed);
END $$;
CREATE FUNCTION pg_temp.avow_keep(schema text, seed text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE t record;
BEGIN
	EXECUTE format('CREATE SCHEMA %I', seed);
	FOR t IN SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(schema) AND relkind = 'r' AND pg_relation_size(oid) > 0 LOOP
		EXECUTE format('CREATE TABLE %I.%I AS TABLE %I.%I', seed, t.relname, schema, t.relname);
	END LOOP;
	EXECUTE format('COMMENT ON SCHEMA %I IS %L', seed, pg_temp.avow_shape(schema));
END $$`

const (
	emptySpare = `SELECT pg_temp.avow_empty($1, $2)`
	dropSpare  = `SELECT pg_temp.avow_drop($1, $2)`
	keepSpare  = `SELECT pg_temp.avow_keep($1, $2)`
	lockSpare  = `SELECT pg_try_advisory_lock(hashtext($1), 1)`
	freeSpare  = `SELECT pg_advisory_unlock(hashtext($1), 1)`
	busySpare  = `SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
		WHERE c.relnamespace = to_regnamespace($1) AND l.pid <> pg_backend_pid())`
)
