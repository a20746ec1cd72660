-- tables: conventions_partderetrait
CREATE OR REPLACE FUNCTION {table}_reprise_comptee() RETURNS trigger AS $$
BEGIN
    PERFORM conventions_recompter(NEW.demande_id);
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_reprise_comptee ON {table};
-- fin
CREATE TRIGGER {table}_reprise_comptee AFTER INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_reprise_comptee();
