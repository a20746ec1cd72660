-- tables: conventions_cloture, conventions_partdecloture, conventions_partderetrait, conventions_partdeversement
CREATE OR REPLACE FUNCTION {table}_ajout_seul() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'Ce qui est versé, repris ou levé ne se modifie pas et ne s’efface pas.'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_ajout_seul ON {table};
-- fin
CREATE TRIGGER {table}_ajout_seul BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_ajout_seul();
