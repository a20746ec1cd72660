-- tables: programmation_lignededecision
CREATE OR REPLACE FUNCTION {table}_dite() RETURNS trigger AS $$
DECLARE
    touchees bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN touchees := touchees || OLD.decision_id; END IF;
    IF TG_OP <> 'DELETE' THEN touchees := touchees || NEW.decision_id; END IF;
    -- Le verrou partagé attend une publication en cours : on n'écrit pas dans son dos.
    PERFORM 1 FROM programmation_decision WHERE id = ANY(touchees) FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM programmation_decision WHERE id = ANY(touchees) AND publiee_le IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'Une décision publiée ne change plus.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_dite ON {table};
-- fin
CREATE TRIGGER {table}_dite BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_dite();
