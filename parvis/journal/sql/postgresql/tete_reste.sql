-- tables: journal_chaine
CREATE OR REPLACE FUNCTION {table}_tete_reste() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'La chaîne du journal ne s’efface pas.'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_tete_reste ON {table};
-- fin
CREATE TRIGGER {table}_tete_reste BEFORE DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_tete_reste();
