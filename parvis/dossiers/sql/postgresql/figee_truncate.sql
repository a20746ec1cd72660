-- tables: dossiers_versiondappel, dossiers_lignedappel, dossiers_financeurdappel, dossiers_fichedappel, dossiers_piecedappel, dossiers_questiondappel, dossiers_criteredappel
CREATE OR REPLACE FUNCTION {table}_figee_truncate() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'Une version publiée d’un appel ne change plus.'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_figee_truncate ON {table};
-- fin
CREATE TRIGGER {table}_figee_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_figee_truncate();
