-- tables: dossiers_versiondappel
CREATE OR REPLACE FUNCTION {table}_publiee() RETURNS trigger AS $$
BEGIN
    IF OLD.etat = 'publiee' THEN
        RAISE EXCEPTION 'Une version publiée d’un appel ne change plus.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_publiee ON {table};
-- fin
CREATE TRIGGER {table}_publiee BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_publiee();
