-- tables: conventions_versiondemodele
CREATE OR REPLACE FUNCTION {table}_publie() RETURNS trigger AS $$
BEGIN
    IF OLD.publiee_le IS NOT NULL THEN
        RAISE EXCEPTION 'Une version publiée d’un modèle ne change plus.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_publie ON {table};
-- fin
CREATE TRIGGER {table}_publie BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_publie();
