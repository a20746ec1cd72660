-- tables: conventions_conditionlevee, conventions_retrait, conventions_reversement, conventions_versement
CREATE OR REPLACE FUNCTION {table}_argent_truncate() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'Ce qui est versé, repris ou levé ne se modifie pas et ne s’efface pas.'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_argent_truncate ON {table};
-- fin
CREATE TRIGGER {table}_argent_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_argent_truncate();
