-- tables: programmation_seance, programmation_pointdeseance, programmation_apportdeseance, programmation_arbitrage, programmation_deportdeseance
CREATE OR REPLACE FUNCTION {table}_close_truncate() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'Une séance publiée ne change plus.'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_close_truncate ON {table};
-- fin
CREATE TRIGGER {table}_close_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_close_truncate();
