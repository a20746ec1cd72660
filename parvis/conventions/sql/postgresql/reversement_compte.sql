-- tables: conventions_reversement
CREATE OR REPLACE FUNCTION {table}_reversement_compte() RETURNS trigger AS $$
BEGIN
    PERFORM conventions_recompter(NEW.demande_id);
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_reversement_compte ON {table};
-- fin
CREATE TRIGGER {table}_reversement_compte AFTER UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_reversement_compte();
