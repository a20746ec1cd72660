-- tables: evaluation_versiondebilan, evaluation_versiondebilan_fichiers
CREATE OR REPLACE FUNCTION {table}_rendue() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'Un bilan rendu ne change plus.'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_rendue ON {table};
-- fin
CREATE TRIGGER {table}_rendue BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_rendue();
