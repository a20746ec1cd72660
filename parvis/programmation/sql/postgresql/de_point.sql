-- tables: programmation_arbitrage, programmation_deportdeseance
CREATE OR REPLACE FUNCTION {table}_de_point() RETURNS trigger AS $$
DECLARE
    points bigint[] := ARRAY[]::bigint[];
    touchees bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN points := points || OLD.point_id; END IF;
    IF TG_OP <> 'DELETE' THEN points := points || NEW.point_id; END IF;
    SELECT array_agg(seance_id) INTO touchees
    FROM programmation_pointdeseance WHERE id = ANY(points);
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
DROP TRIGGER IF EXISTS {table}_de_point ON {table};
-- fin
CREATE TRIGGER {table}_de_point BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_de_point();
