-- tables: dossiers_versiondeposee, dossiers_versiondeposee_fichiers
CREATE OR REPLACE FUNCTION {table}_deposee() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'Un dossier déposé ne change plus.'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_deposee ON {table};
-- fin
CREATE TRIGGER {table}_deposee BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_deposee();
