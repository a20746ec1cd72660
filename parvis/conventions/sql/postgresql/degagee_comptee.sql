-- tables: conventions_partdecloture
CREATE OR REPLACE FUNCTION {table}_degagee_comptee() RETURNS trigger AS $$
BEGIN
    PERFORM conventions_recompter(NEW.demande_id);
    RETURN NULL;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_degagee_comptee ON {table};
-- fin
CREATE TRIGGER {table}_degagee_comptee AFTER INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_degagee_comptee();
