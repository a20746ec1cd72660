-- tables: conventions_versement
CREATE OR REPLACE FUNCTION {table}_versement_compte() RETURNS trigger AS $$
DECLARE
    laquelle bigint;
BEGIN
    FOR laquelle IN
        SELECT demande_id FROM conventions_partdeversement WHERE versement_id = NEW.id ORDER BY 1
    LOOP
        PERFORM conventions_recompter(laquelle);
    END LOOP;
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_versement_compte ON {table};
-- fin
CREATE TRIGGER {table}_versement_compte AFTER UPDATE OF annule_le ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_versement_compte();
