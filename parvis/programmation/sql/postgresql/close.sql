-- tables: programmation_seance
CREATE OR REPLACE FUNCTION {table}_close() RETURNS trigger AS $$
BEGIN
    IF OLD.publiee_le IS NOT NULL THEN
        RAISE EXCEPTION 'Une séance publiée ne change plus.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_close ON {table};
-- fin
CREATE TRIGGER {table}_close BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_close();
