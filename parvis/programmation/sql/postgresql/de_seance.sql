-- tables: programmation_pointdeseance, programmation_apportdeseance
CREATE OR REPLACE FUNCTION {table}_de_seance() RETURNS trigger AS $$
DECLARE
    touchees bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN touchees := touchees || OLD.seance_id; END IF;
    IF TG_OP <> 'DELETE' THEN touchees := touchees || NEW.seance_id; END IF;
    -- Le verrou partagé attend une publication en cours : on n'écrit pas dans son dos.
    PERFORM 1 FROM programmation_seance WHERE id = ANY(touchees) FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM programmation_seance WHERE id = ANY(touchees) AND publiee_le IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'Une séance publiée ne change plus.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_de_seance ON {table};
-- fin
CREATE TRIGGER {table}_de_seance BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_de_seance();
